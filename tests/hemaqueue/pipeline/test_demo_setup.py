"""The demonstration's people: their passwords are kept, and made anew for a restored system."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command

from hemaqueue.accounts.models import User
from hemaqueue.pipeline.management.commands.demo_setup import passwords_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration(settings: Any) -> Iterator[None]:
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"DEMONSTRATION": True}
    passwords_file().unlink(missing_ok=True)
    yield
    passwords_file().unlink(missing_ok=True)


def password_of(name: str) -> str:
    said = io.StringIO()
    call_command("demo_setup", stdout=said, stderr=io.StringIO())
    logins = json.loads(said.getvalue().splitlines()[-1])["logins"]
    return str({one["username"]: one["password"] for one in logins}[name])


def test_passwords_are_made_once() -> None:
    first = password_of("clara")
    assert password_of("clara") == first
    assert User.objects.get(username="clara").check_password(first)


def test_a_system_that_was_restored_has_passwords_that_hold() -> None:
    first = password_of("clara")
    passwords_file().unlink()
    second = password_of("clara")
    assert second != first
    assert User.objects.get(username="clara").check_password(second)
