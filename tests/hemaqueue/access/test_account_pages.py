"""allauth's addresses: what is open shows nothing, the rest asks for a login."""

from __future__ import annotations

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from hemaqueue.accounts.models import User
from tests.hemaqueue.access.account_table import ACCOUNT
from tests.hemaqueue.access.headers import missing_headers

pytestmark = pytest.mark.django_db

ARGUMENTS = {"account_confirm_email": ["abc"], "account_reset_password_from_key": ["1", "abc-def"]}


@pytest.mark.parametrize(("route", "kind"), sorted(ACCOUNT.items()))
def test_account_pages_without_a_login(route: str, kind: str) -> None:
    answer = Client().get(reverse(route, args=ARGUMENTS.get(route, [])))
    assert answer.status_code == (302 if kind == "own" else 200)
    assert not missing_headers(answer)


@pytest.mark.parametrize("route", [name for name, kind in ACCOUNT.items() if kind == "closed"])
def test_what_an_administrator_does_changes_and_sends_nothing(
    route: str, mailoutbox: list[EmailMessage]
) -> None:
    User.objects.create(username="adam", email="adam@hospital.example")
    address = reverse(route, args=ARGUMENTS.get(route, []))
    assert b"your administrator" in Client().get(address).content
    assert Client().post(address, {"email": "adam@hospital.example"}).status_code == 405
    assert not mailoutbox


def test_nobody_signs_up() -> None:
    body = {"username": "eve", "password1": "a long pass phrase", "password2": "a long pass phrase"}
    Client().post(reverse("account_signup"), body)
    assert not User.objects.filter(username="eve").exists()
