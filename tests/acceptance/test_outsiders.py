"""Script 7: a technician of another site asks for the image, its heatmap and its report."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import OpenWindow
from tests.acceptance.hospital import Hospital
from tests.acceptance.reading import agree_to_all, sign

pytestmark = pytest.mark.browser


def test_another_site_sees_neither_image_nor_heatmap_nor_report(
    hospital: Hospital, window: OpenWindow
) -> None:
    case, images = hospital.case("Early")
    clara = window("clara")
    agree_to_all(clara, hospital, images)
    sign(clara, hospital, case, name="clara")
    made = "SELECT id::text FROM reports_report WHERE case_id = %s AND key <> ''"
    hospital.wait_until(lambda: bool(hospital.rows(made, case)))
    [(report,), *_] = hospital.rows(made, case)
    hospital.person("theo", role="technician", site="elsewhere")
    theo = window("theo")

    addresses = (f"/images/{images[0]}/", f"/images/{images[0]}/heatmap.png", f"/reports/{report}/")
    assert [theo.request.get(address).status for address in addresses] == [404, 404, 404]

    [(denied,)] = hospital.rows(
        "SELECT count(*) FROM audit_auditevent e JOIN accounts_user u ON u.id = e.actor_id"
        " WHERE u.username = 'theo' AND e.outcome = 'denied'"
    )
    assert denied == len(addresses)
