"""Script 8: many confirmed at once, and one of them turned strange after the page was loaded."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.acceptance.conftest import OpenWindow
from tests.acceptance.hospital import Hospital
from tests.acceptance.reading import recorded

pytestmark = pytest.mark.browser

#: A prediction never changes; this is what another version's later one would amount to.
TURNED = """
    ALTER TABLE predictions_prediction DISABLE TRIGGER USER;
    UPDATE predictions_prediction SET flags = '["out_of_distribution"]' WHERE image_id = %s;
    ALTER TABLE predictions_prediction ENABLE TRIGGER USER;
    COMMIT;
    SELECT 1
"""


def clear_images(hospital: Hospital) -> list[str]:
    rows = hospital.rows(
        "SELECT i.id::text FROM reviews_review r JOIN specimens_smearimage i USING (case_id)"
        " WHERE r.lane = 'clear' AND r.state = 'open' AND i.withdrawn_at IS NULL"
    )
    return [image for (image,) in rows]


def test_a_row_that_turned_strange_is_refused_and_the_others_are_confirmed(
    hospital: Hospital, window: OpenWindow
) -> None:
    sent = [
        hospital.send([smear], accession=hospital.accession())[0]
        for smear in hospital.draw("Benign", 8)
    ]
    hospital.wait_for(sent)
    hospital.wait_until(lambda: len(clear_images(hospital)) >= 3, seconds=20)
    clear = clear_images(hospital)
    page = window("clara")
    page.goto("/worklist/gallery/?lane=clear")
    page.get_by_role("button", name="Choose all on this screen").click()
    hospital.rows(TURNED, clear[0])

    page.get_by_label("Your password").fill(hospital.password_of("clara"))
    page.get_by_role("button", name="Confirm what is chosen").click()

    expect(page.get_by_text(re.compile(r"\d+ images? confirmed"))).to_be_visible()
    expect(page.get_by_text("1 not confirmed")).to_contain_text("Unlike training images")
    assert recorded(hospital, clear[0]) == []
    assert all(recorded(hospital, one) for one in clear[1:24])
    origins = hospital.rows(
        "SELECT DISTINCT origin FROM reviews_confirmedlabel WHERE image_id = ANY(%s::uuid[])",
        clear[1:24],
    )
    assert origins == [("bulk",)]
