"""Script 4: at a site that reads blind, the page does not hold what the reader must not see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance.conftest import OpenWindow
from tests.acceptance.hospital import Hospital
from tests.acceptance.reading import KEYS, decide, open_image

pytestmark = pytest.mark.browser

#: What only a suggestion, its scores and its heatmap bring into a page.
TELLTALES = ("Suggestion of", "data-agree=", "heatmap.png", "Where the model looked")


def set_blind(page: Page, *, blind: bool, reason: str) -> None:
    page.goto("/policy/demo/")
    page.get_by_label("Readers say what they see").set_checked(blind)
    page.get_by_label("Why it changes").fill(reason)
    page.get_by_role("button", name="Let it hold").click()
    expect(page.get_by_text("It holds from now on.")).to_be_visible()


@pytest.fixture
def blind(window: OpenWindow) -> Iterator[None]:
    page = window("adam")
    set_blind(page, blind=True, reason="The script reads blind.")
    yield
    set_blind(page, blind=False, reason="The script is over.")


def test_the_suggestion_is_not_in_the_page_before_the_first_read(
    hospital: Hospital, window: OpenWindow, blind: None
) -> None:
    _, [image] = hospital.case("Pre")
    suggested = hospital.predictions([image])[image]
    page = window("clara")
    before = page.request.get(f"/images/{image}/").text()
    assert [word for word in TELLTALES if word in before] == []
    assert page.request.get(f"/images/{image}/heatmap.png").status in (404, 409)

    page.goto(f"/images/{image}/")
    expect(page.get_by_role("heading", name="Your first read")).to_be_visible()
    assert decide(page, KEYS[suggested]) < 300

    after = page.request.get(f"/images/{image}/").text()
    assert "Suggestion of" in after
    open_image(page, image)
    [(first,)] = hospital.rows("SELECT label FROM reviews_firstread WHERE image_id = %s", image)
    assert first == suggested
