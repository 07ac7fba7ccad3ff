"""Browsers of the four people, without a browser: Django's client, signed in."""

from __future__ import annotations

import pytest
from django.test import Client

from hemaqueue.accounts.models import User
from hemaqueue.jobs.models import WorkerPresence
from tests import factories


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def tessa(db: None) -> Client:
    return signed_in(factories.tessa())


@pytest.fixture
def clara(db: None) -> Client:
    return signed_in(factories.clara())


@pytest.fixture
def adam(db: None) -> Client:
    return signed_in(factories.adam())


@pytest.fixture
def otto(db: None) -> Client:
    return signed_in(factories.otto())


@pytest.fixture
def worker(db: None) -> WorkerPresence:
    """A worker that was heard just now: nothing is paused."""
    return WorkerPresence.objects.create(name="inference@bench", queues=["inference"])
