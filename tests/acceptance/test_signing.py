"""Scripts 5 and 6: what cannot be signed yet, and what stays after an amendment."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.acceptance.conftest import OpenWindow
from tests.acceptance.hospital import Hospital
from tests.acceptance.reading import agree_to_all, decide, open_image, sign

pytestmark = pytest.mark.browser


def test_an_uncertain_image_stands_between_a_case_and_its_signature(
    hospital: Hospital, window: OpenWindow
) -> None:
    case, images = hospital.case("Benign", "Pre")
    page = window("clara")
    agree_to_all(page, hospital, images[:1])
    open_image(page, images[1])
    assert decide(page, "u") < 300

    page.goto(f"/cases/{case}/")
    expect(page.get_by_role("button", name="Sign case")).to_be_disabled()
    expect(page.get_by_role("listitem").filter(has_text="uncertain").first).to_be_visible()

    agree_to_all(page, hospital, images[1:])
    sign(page, hospital, case, name="clara")


def test_the_first_revision_stays_reachable_after_an_amendment(
    hospital: Hospital, window: OpenWindow
) -> None:
    case, images = hospital.case("Pro")
    page = window("clara")
    agree_to_all(page, hospital, images)
    sign(page, hospital, case, name="clara")
    page.goto(f"/cases/{case}/amend/")
    page.get_by_label("Why the case is opened again").fill(
        "The smear was read again with the marrow."
    )
    page.get_by_role("button", name="Open the next revision").click()
    agree_to_all(page, hospital, images)
    sign(page, hospital, case, name="clara")

    ready = (
        "SELECT r.id::text, r.revision FROM reports_report r WHERE r.case_id = %s"
        " AND r.status IN ('final', 'amended') AND r.key <> '' ORDER BY r.revision"
    )
    hospital.wait_until(lambda: len(hospital.rows(ready, case)) == 2)
    for report, revision in hospital.rows(ready, case):
        answer = page.request.get(f"/reports/{report}/")
        assert answer.status == 200, f"revision {revision}"
        assert answer.body().startswith(b"%PDF")
