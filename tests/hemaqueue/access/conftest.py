"""One world for all tests of a file; what a test does in it is rolled back after the test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from guardian.shortcuts import assign_perm

from tests.hemaqueue.access.world import World


@pytest.fixture(scope="module")
def one_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        world = World()
        assign_perm("view_case", world.colleague, world.case)
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(one_world: World, db: None) -> World:
    return one_world
