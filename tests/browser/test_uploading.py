"""Sending images as a technician does: drop them, watch them, lose the network, go on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db.models.functions import Now
from playwright.sync_api import Page, Route, expect

from hemaqueue.jobs.models import Job, WorkerPresence
from hemaqueue.specimens.models import SmearImage
from tests import factories
from tests.archives import zipped
from tests.browser.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def ready(transactional_db: None) -> None:
    factories.ModelVersionFactory()
    WorkerPresence.objects.create(name="bench", queues=["inference"])


def choose(page: Page, files: list[Path]) -> None:
    page.goto("/upload/")
    page.get_by_label("Accession number").fill("BM-26-1")
    page.set_input_files("#files", files)


def finish(image: SmearImage) -> None:
    """Record a result, as the records worker would."""
    job = Job.objects.get(subject=image.pk)
    factories.prediction(image, by=job)
    Job.objects.filter(pk=job.pk).update(state="succeeded", finished_at=Now())
    job.events.create(state="succeeded", attempt=1)


def test_every_file_has_its_row_and_a_refused_one_says_why(
    sign_in: SignIn, pictures: list[Path]
) -> None:
    page = sign_in(factories.tessa())
    choose(page, pictures)
    expect(page.get_by_text("3 of 4 received, 1 refused")).to_be_visible()
    row = page.get_by_role("row", name="letter.png")
    expect(row).to_contain_text("Send JPEG, PNG or TIFF.")
    expect(row).to_contain_text("unsupported_type")
    assert SmearImage.objects.filter(case__accession="BM-26-1").count() == 3


def test_a_refused_archive_is_not_called_lost(sign_in: SignIn, tmp_path: Path) -> None:
    archive = tmp_path / "tray.zip"
    archive.write_bytes(zipped({"../evil.png": factories.picture_file()}))
    page = sign_in(factories.tessa())
    page.goto("/upload/")
    page.set_input_files("#archive", archive)
    expect(page.get_by_text("unsafe_archive")).to_be_visible()
    expect(page.get_by_role("row", name="tray.zip")).to_contain_text("refused; why stands above")


def test_results_appear_in_their_rows_without_a_reload(
    sign_in: SignIn, pictures: list[Path]
) -> None:
    page = sign_in(factories.tessa())
    choose(page, pictures)
    expect(page.get_by_text("3 of 4 received")).to_be_visible()
    page.get_by_role("link", name="To the batch page").click()
    expect(page.get_by_text("3 waiting").first).to_be_visible()
    first = SmearImage.objects.earliest("uploaded_at")
    finish(first)
    row = page.locator(f"#image-{first.pk}")
    expect(row).to_contain_text("Early Pre-B")
    expect(page.locator("#progress")).to_contain_text("1 done")


def test_a_single_file_leads_to_its_result_which_appears_by_itself(
    sign_in: SignIn, pictures: list[Path]
) -> None:
    page = sign_in(factories.tessa())
    choose(page, pictures[:1])
    page.wait_for_url(re.compile("/images/"))
    expect(page.get_by_text("next in line")).to_be_visible()
    finish(SmearImage.objects.get())
    expect(page.get_by_text("high · 0.91")).to_be_visible()


def test_what_did_not_arrive_is_sent_again_and_nothing_twice(
    sign_in: SignIn, pictures: list[Path]
) -> None:
    page = sign_in(factories.tessa())
    cut: list[str] = []

    def lose_one(route: Route) -> None:
        if not cut:
            cut.append(route.request.url)
            return route.abort()
        return route.continue_()

    page.route("**/files/", lose_one)
    choose(page, pictures[:3])
    expect(page.get_by_text("2 of 3 received, 0 refused, 1 did not arrive")).to_be_visible()
    page.get_by_role("button", name="Send what is missing").click()
    expect(page.get_by_text("3 of 3 received, 0 refused")).to_be_visible()
    assert SmearImage.objects.count() == 3


def test_the_form_works_without_javascript(sign_in: SignIn, pictures: list[Path]) -> None:
    page = sign_in(factories.tessa(), java_script_enabled=False)
    choose(page, pictures)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("3 images received.")).to_be_visible()
    expect(page.get_by_text("1 file refused.")).to_be_visible()
