"""Faults as pages: what to do, nothing of the inside."""

from __future__ import annotations

from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse

from hemaqueue.web.errors import server_fault

SECRETS = ("Traceback", "platform/hemaqueue", "psycopg2", "SELECT ")


def test_an_unknown_address_is_a_page(tessa: Client) -> None:
    answer = tessa.get("/nothing/here/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_a_form_without_its_token_is_refused_with_words(db: None) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(reverse("account_login"), {"login": "tessa", "password": "x"})
    assert answer.status_code == 403
    assert "This form is too old" in answer.content.decode()


def test_a_fault_of_ours_shows_nothing_of_the_inside(tessa: Client) -> None:
    tessa.raise_request_exception = False
    with mock.patch("hemaqueue.web.views.history.image_list", side_effect=RuntimeError("SELECT 1")):
        answer = tessa.get(reverse("history"))
    assert answer.status_code == 500
    shown = answer.content.decode()
    assert "Something went wrong on our side" in shown
    assert not any(secret in shown for secret in SECRETS)


def test_a_database_that_is_away_is_told_as_that() -> None:
    try:
        raise OperationalError("server closed the connection")
    except OperationalError:
        answer = server_fault(RequestFactory().get("/"))
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["upload", "history", "worklist"])
def test_a_wrong_method_is_refused(name: str, clara: Client) -> None:
    assert clara.delete(reverse(name)).status_code == 405
