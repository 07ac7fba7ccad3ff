"""The language of a person, and the text that everybody acknowledges once."""

from __future__ import annotations

import hashlib

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from hemaqueue.accounts.intended_use import SENTENCES, VERSION
from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent
from tests import factories
from tests.hemaqueue.web.conftest import signed_in
from tests.people import Script

#: The English text of each version. A changed sentence needs a new version here and there.
TEXTS = {"2026-11": "1f9ea96edb0aae41"}


def unaware() -> Client:
    return signed_in(factories.person("nina", "technician", acknowledged_use=""))


def test_a_changed_text_is_a_new_version() -> None:
    with translation.override("en"):
        text = "\n".join(map(str, SENTENCES))
    assert TEXTS[VERSION] == hashlib.sha256(text.encode()).hexdigest()[:16]


@pytest.mark.django_db
def test_nothing_is_shown_before_the_text_is_acknowledged() -> None:
    browser = unaware()
    answer = browser.get("/history/?q=BM")
    assert answer.status_code == 302
    shown = browser.get(answer["Location"])
    assert str(SENTENCES[1]) in shown.content.decode()
    done = browser.post(reverse("use"), {"next": "/history/?q=BM"})
    assert done["Location"] == "/history/?q=BM"
    assert browser.get("/history/").status_code == 200
    event = AuditEvent.objects.get(action="use.acknowledge")
    assert event.details["version"] == VERSION


@pytest.mark.django_db
def test_a_new_version_asks_again_and_scripts_are_never_asked() -> None:
    user = factories.person("nina", "technician", acknowledged_use="1999-01")
    assert signed_in(user).get("/").status_code == 302
    assert Script(user).get("/api/v1/images/").status_code == 200


@pytest.mark.django_db
def test_a_poll_of_an_old_page_leads_to_the_text() -> None:
    answer = unaware().get("/status/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == reverse("use")


@pytest.mark.django_db
def test_acknowledging_leads_to_no_other_host() -> None:
    done = unaware().post(reverse("use"), {"next": "https://evil.example/"})
    assert done["Location"] == reverse("home")


def test_the_language_is_remembered_with_the_person(tessa: Client) -> None:
    assert 'lang="en"' in tessa.get("/").content.decode()
    answer = tessa.post(reverse("language"), {"language": "fr", "next": "/history/"})
    assert answer["Location"] == "/history/"
    elsewhere = signed_in(User.objects.get(username="tessa"))
    assert '<html lang="fr"' in elsewhere.get("/").content.decode()


def test_a_language_that_nobody_speaks_changes_nothing(tessa: Client) -> None:
    tessa.post(reverse("language"), {"language": "tlh"})
    assert User.objects.get(username="tessa").language == ""


@pytest.mark.django_db
def test_the_entrance_speaks_the_language_of_the_browser() -> None:
    shown = Client().get("/account/login/", headers={"Accept-Language": "fr-CA, en;q=0.5"})
    assert '<html lang="fr"' in shown.content.decode()


@pytest.mark.django_db
def test_scripts_are_answered_in_english() -> None:
    user = factories.person("nina", "technician", language="fr")
    answer = Script(user).get("/api/v1/images/", headers={"Accept-Language": "fr"})
    assert answer["Content-Language"] == "en"
