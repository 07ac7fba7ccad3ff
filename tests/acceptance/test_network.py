"""Script 9: the network is lost in the middle of an upload, and nothing is sent twice."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.acceptance.conftest import OpenWindow
from tests.acceptance.hospital import Hospital

pytestmark = pytest.mark.browser

FILES = 12


def test_what_is_missing_is_sent_and_nothing_else(hospital: Hospital, window: OpenWindow) -> None:
    page = window("tessa")
    accession = hospital.accession()
    asked: list[str] = []

    def lose(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) <= 5:
            route.continue_()
        else:
            route.abort()

    page.route("**/files/", lose)
    page.goto("/upload/")
    page.get_by_label("Accession number").fill(accession)
    page.set_input_files("#files", hospital.draw("Early", FILES))
    again = page.get_by_role("button", name="Send what is missing")
    expect(again).to_be_visible()
    here = "SELECT count(*) FROM specimens_smearimage i JOIN specimens_case c ON c.id = i.case_id"
    assert hospital.rows(f"{here} WHERE c.accession = %s", accession) == [(5,)]

    page.unroute("**/files/")
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.url.endswith("/files/") else None)
    again.click()
    received = page.get_by_text(re.compile(f"{FILES} of {FILES} received"))
    expect(received).to_be_visible(timeout=30_000)

    assert len(sent) == FILES - 5
    assert hospital.rows(f"{here} WHERE c.accession = %s", accession) == [(FILES,)]
