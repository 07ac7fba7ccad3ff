"""Logging in, being locked out, logging out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent, Outcome
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/"


def log_in(client: Client, *, login: str = "tessa", password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"login": login, "password": password})


def is_in(client: Client) -> bool:
    return bool(client.get(reverse("home")).status_code == 200)


def test_the_right_password_opens_the_door(tessa: User) -> None:
    client = Client()
    assert log_in(client).status_code == 302
    assert is_in(client)
    assert AuditEvent.objects.filter(action="account.login", actor=tessa, outcome="done").exists()


def test_a_wrong_password_is_noted_without_what_was_typed(tessa: User) -> None:
    client = Client()
    log_in(client, password="hunter2")
    log_in(client, login="my secret password")
    assert not is_in(client)
    events = AuditEvent.objects.filter(action="account.login", outcome=Outcome.DENIED)
    assert events.count() == 2
    assert "secret" not in str(list(events.values()))


def test_five_failures_lock_the_account_for_this_address(tessa: User) -> None:
    client = Client()
    for _ in range(5):
        log_in(client, password="wrong")
    answer = log_in(client)
    assert answer.status_code == 429
    assert not is_in(client)
    assert AuditEvent.objects.filter(action="account.locked", outcome=Outcome.DENIED).exists()


def test_a_lockout_is_for_one_name_at_one_address(tessa: User, clara: User) -> None:
    client = Client()
    for _ in range(5):
        log_in(client, password="wrong")
    assert log_in(Client(), login="clara").status_code == 302
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert log_in(elsewhere).status_code == 302


@pytest.fixture
def limited(settings: Any) -> None:
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"RATES": {"login": 5}}


def test_an_address_that_tries_many_names_waits_out_a_minute(
    limited: None, tessa: User, clara: User
) -> None:
    for number in range(5):
        assert log_in(Client(), login=f"name{number}").status_code == 200
    answer = log_in(Client())
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert not is_in(Client())
    assert log_in(Client(REMOTE_ADDR="203.0.113.9"), login="clara").status_code == 302
    assert Client().get(LOGIN).status_code == 200


def test_after_that_minute_the_address_may_try_again(limited: None, tessa: User) -> None:
    for _ in range(5):
        AuditEvent.objects.create(
            action="account.login",
            outcome=Outcome.DENIED,
            address="127.0.0.1",
            at=Now() - timedelta(seconds=61),
        )
    assert log_in(Client()).status_code == 302


def test_people_of_one_address_who_know_their_passwords_never_wait(
    limited: None, tessa: User, clara: User
) -> None:
    for _ in range(6):
        assert log_in(Client()).status_code == log_in(Client(), login="clara").status_code == 302


def test_four_failures_and_a_success_start_anew(tessa: User) -> None:
    client = Client()
    for _ in range(4):
        log_in(client, password="wrong")
    assert log_in(client).status_code == 302


def test_logging_out_ends_the_session(tessa: User) -> None:
    client = Client()
    log_in(client)
    client.post("/account/logout/")
    assert not is_in(client)
    assert AuditEvent.objects.filter(action="account.logout", actor=tessa).exists()


def test_a_deactivated_person_is_out_with_the_next_request(tessa: User) -> None:
    client = Client()
    log_in(client)
    User.objects.filter(pk=tessa.pk).update(is_active=False)
    assert not is_in(client)
    assert log_in(Client()).url != reverse("home")


def test_a_new_password_ends_the_other_sessions(tessa: User) -> None:
    here, elsewhere = Client(), Client()
    log_in(here)
    log_in(elsewhere)
    new = "another long pass phrase"
    body = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/account/password/change/", body).status_code == 302
    assert not is_in(elsewhere)
    assert log_in(Client()).status_code != 302
    assert log_in(Client(), password=new).status_code == 302


@pytest.mark.parametrize("weak", ["short", "password1234", "123456789012"])
def test_weak_passwords_are_refused(tessa: User, weak: str) -> None:
    client = Client()
    log_in(client)
    body = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    client.post("/account/password/change/", body)
    tessa.refresh_from_db()
    assert not tessa.check_password(weak)


def test_the_session_cookie_is_out_of_reach_of_scripts(tessa: User, settings: Any) -> None:
    client = Client()
    log_in(client)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
