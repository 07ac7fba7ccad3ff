"""Script 10: at 400 % zoom nothing is lost, and a screen reader is told class, band and flags."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.acceptance.conftest import OpenWindow
from tests.acceptance.hospital import Hospital

pytestmark = pytest.mark.browser

WORDS = {"benign": "Benign", "early_pre_b": "Early Pre-B", "pre_b": "Pre-B", "pro_b": "Pro-B"}


def test_class_band_and_flags_are_told_at_four_hundred_percent(
    hospital: Hospital, window: OpenWindow
) -> None:
    _, [image] = hospital.case("Pro")
    # A poor picture is a flag that the reader has to hear.
    hospital.rows(
        "UPDATE specimens_smearimage SET quality_flags = '[\"out_of_focus\"]' WHERE id = %s;"
        " COMMIT; SELECT 1",
        image,
    )
    label = hospital.predictions([image])[image]
    page = window("clara", zoom=4)
    page.goto(f"/images/{image}/")
    expect(page.get_by_role("heading", name="Your decision")).to_be_visible()

    told = page.locator("body").aria_snapshot()
    assert WORDS[label] in told
    assert any(band in told for band in ("high", "moderate", "low", "uncertain"))
    assert "Out of focus" in told
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0
