"""Script 2: two browsers decide about the same image."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.acceptance.conftest import OpenWindow
from tests.acceptance.hospital import Hospital
from tests.acceptance.reading import decide, open_image, recorded

pytestmark = pytest.mark.browser


def test_the_second_browser_is_told_and_nothing_is_overwritten(
    hospital: Hospital, window: OpenWindow
) -> None:
    _, [image] = hospital.case("Benign")
    first, second = window("clara"), window("clara")
    for page in (first, second):
        open_image(page, image)
    assert decide(first, "1") < 300
    [before] = recorded(hospital, image)

    assert decide(second, "u") == 409

    expect(second.get_by_role("alert").first).to_be_visible()
    assert recorded(hospital, image) == [before]
