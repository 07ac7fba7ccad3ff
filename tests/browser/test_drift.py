"""The weeks of a version fit the width of a desk, and do not widen a phone's page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests import factories, live
from tests.browser.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = """() => [
  document.documentElement.scrollWidth - window.innerWidth,
  document.querySelector(".table-wide").scrollWidth -
    document.querySelector(".table-wide").clientWidth,
]"""


@pytest.mark.parametrize("width", [390, 1280])
def test_weeks_are_not_wider_than_the_page(sign_in: SignIn, width: int) -> None:
    version = factories.ModelVersionFactory()
    live.serves_since(version, live.noon(live.week(5)))
    for back in (4, 3, 2):
        live.counted(version, back)
    live.counted(version, 1, uncertain=60, confidence=0.87, strange=60, poor=80, agreed=100)
    page = sign_in(factories.tessa(), width=width)
    page.goto(f"/models/{version.pk}/")
    expect(page.get_by_role("heading", name="Drift")).to_be_visible()
    assert max(page.evaluate(WIDTHS)) <= 0
