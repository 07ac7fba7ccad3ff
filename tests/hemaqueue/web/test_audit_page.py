"""The audit trail's page: an administrator searches their own site's events."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories


@pytest.fixture
def seen(tessa: Client) -> str:
    """The id of an image that Tessa looked at."""
    image = factories.image()
    tessa.get(reverse("image", args=[image.pk]))
    return str(image.pk)


def events(browser: Client, **query: str):  # type: ignore[no-untyped-def]
    return browser.get(reverse("audit"), query).context["events"]


def test_who_looked_at_what_can_be_found(adam: Client, seen: str) -> None:
    (event,) = events(adam, object=seen)
    assert (event.who, event.what, event.object) == (
        "Tessa Mukamana",
        "image.view",
        f"smearimage {seen}",
    )


def test_events_are_found_by_person_act_outcome_and_day(adam: Client, seen: str) -> None:
    assert len(events(adam, who="tessa", action="image.")) == 1
    assert events(adam, who="nobody") == []
    assert events(adam, action="image.", outcome="denied") == []
    assert events(adam, action="image.", since="2100-01-01") == []


def test_another_site_s_administrator_finds_nothing(seen: str) -> None:
    from tests.hemaqueue.web.conftest import signed_in

    ada = signed_in(
        factories.person("ada", "administrator", site=factories.SiteFactory(slug="elsewhere"))
    )
    assert events(ada, object=seen) == []
