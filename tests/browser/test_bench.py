"""A tray of sixty: a folder, a lost network, a closed window, and the rest sent the next time."""

from __future__ import annotations

import re
import time
from pathlib import Path

import cv2
import pytest
from playwright.sync_api import Page, Route, expect

from hemaqueue.jobs.models import Job, WorkerPresence
from hemaqueue.specimens.models import Batch, Case, RefusedFile, SmearImage
from tests import factories
from tests.archives import zipped
from tests.browser.conftest import SignIn
from tests.pictures import blank_file, picture, picture_file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GOOD = 60


@pytest.fixture(autouse=True)
def ready(transactional_db: None) -> None:
    factories.ModelVersionFactory()
    WorkerPresence.objects.create(name="bench", queues=["inference"])


@pytest.fixture
def tray(tmp_path: Path) -> Path:
    """Sixty pictures, a blank one and a letter, in a folder with a folder in it."""
    folder = tmp_path / "tray"
    (folder / "second").mkdir(parents=True)
    for n in range(GOOD):
        place = folder / "second" if n % 2 else folder
        (place / f"{n:02}.png").write_bytes(picture_file(700 + n))
    (folder / "blank.png").write_bytes(blank_file())
    (folder / "letter.png").write_bytes(b"%PDF-1.4 hello")
    return folder


@pytest.fixture
def twin_folders(tmp_path: Path) -> Path:
    """Two trays of twenty with the same names, all of one size in bytes, and a letter."""
    folder = tmp_path / "trays"
    for n in range(40):
        place = folder / ("left" if n % 2 else "right")
        place.mkdir(parents=True, exist_ok=True)
        raw = [cv2.IMWRITE_TIFF_COMPRESSION, 1]
        assert cv2.imwrite(str(place / f"{n // 2:02}.tif"), picture(800 + n), raw)
    assert len({file.stat().st_size for file in folder.rglob("*.tif")}) == 1
    (folder / "letter.png").write_bytes(b"%PDF-1.4 hello")
    return folder


def choose_folder(page: Page, tray: Path) -> None:
    page.set_input_files("#folder", tray)


def rows(page: Page) -> int:
    return page.locator("[data-upload-rows] tr").count()


def test_a_folder_survives_a_lost_network_and_a_closed_window(sign_in: SignIn, tray: Path) -> None:
    page = sign_in(factories.tessa())
    asked: list[str] = []

    def lose_all_after_twenty(route: Route) -> None:
        asked.append(route.request.url)
        return route.continue_() if len(asked) <= 20 else route.abort()

    page.route("**/files/", lose_all_after_twenty)
    page.goto("/upload/")
    page.get_by_label("Accession number").fill("BM-26-7")
    choose_folder(page, tray)
    count = page.locator("[data-upload-count]")
    expect(count).to_contain_text(re.compile(r"4\d did not arrive"), timeout=60_000)
    expect(page.get_by_role("button", name="Send what is missing")).to_be_visible()
    assert len(asked) <= 23  # what waits is not tried against a network that is away
    arrived = SmearImage.objects.count() + RefusedFile.objects.count()
    assert arrived == 20
    page.close()

    page = sign_in(factories.tessa())
    again: list[str] = []
    page.route("**/files/", lambda route: (again.append(""), route.continue_())[1])
    page.goto("/upload/")
    expect(page.get_by_text("42 files did not arrive.")).to_be_visible()
    page.get_by_role("link", name="Go on").click()
    page.wait_for_url("**/add/")
    choose_folder(page, tray)
    count = page.locator("[data-upload-count]")
    expect(count).to_contain_text("of 62 received", timeout=60_000)
    expect(
        page.get_by_text("1 to 50 of 62").or_(page.get_by_text("51 to 62 of 62"))
    ).to_be_visible()
    batch = Batch.objects.get()
    page.wait_for_function(
        "() => document.querySelector('[data-upload-count]').textContent.match(/^6[012] of 62/)"
    )
    assert len(again) == 42, count.text_content()
    assert batch.images.count() == GOOD + 1, count.text_content()
    assert batch.images.count() == GOOD + 1
    assert batch.images.filter(held_at__isnull=False).count() == 1
    assert [one.filename for one in batch.refused.all()] == ["tray/letter.png"]
    assert Job.objects.count() == GOOD
    assert Case.objects.get().accession == "BM-26-7"
    page.get_by_role("link", name="To the batch page").click()
    expect(page.get_by_text("60 waiting").first).to_be_visible()
    expect(page.get_by_text("1 poor picture is held.")).to_be_visible()


def settled_count() -> int:
    """Return how many files have arrived once what was under way has ended as well."""
    while True:
        before = SmearImage.objects.count() + RefusedFile.objects.count()
        time.sleep(0.5)
        if before == SmearImage.objects.count() + RefusedFile.objects.count():
            return before


def test_a_browser_closed_in_the_middle_goes_on_with_the_rest(
    sign_in: SignIn, twin_folders: Path
) -> None:
    page = sign_in(factories.tessa())
    page.goto("/upload/")
    page.get_by_label("Accession number").fill("BM-26-8")
    choose_folder(page, twin_folders)
    page.wait_for_function(
        "() => /^1\\d of/.test(document.querySelector('[data-upload-count]').textContent)"
    )
    page.context.close()  # three requests are under way, and the others wait
    arrived = settled_count()
    assert 10 <= arrived < 41

    page = sign_in(factories.tessa())
    sent: list[str] = []
    page.route("**/files/", lambda route: (sent.append(""), route.continue_())[1])
    page.goto("/upload/")
    expect(page.get_by_text(f"{41 - arrived} files did not arrive.")).to_be_visible()
    page.get_by_role("link", name="Go on").click()
    page.wait_for_url("**/add/")
    choose_folder(page, twin_folders)
    page.wait_for_function(
        "() => /^4[01] of 41/.test(document.querySelector('[data-upload-count]').textContent)",
        timeout=30_000,
    )
    page.get_by_role("link", name="To the batch page").click()
    expect(page.get_by_text("40 waiting").first).to_be_visible()
    expect(page.get_by_text("1 file was refused")).to_be_visible()
    expect(page.get_by_text("Send JPEG, PNG or TIFF.")).to_be_visible()
    batch = Batch.objects.get()
    assert len(sent) == 41 - arrived
    assert (batch.images.count(), batch.refused.count(), batch.expected) == (40, 1, 41)


def test_only_the_files_in_sight_are_in_the_document(sign_in: SignIn, tray: Path) -> None:
    page = sign_in(factories.tessa())
    page.goto("/upload/")
    choose_folder(page, tray)
    expect(page.locator("[data-upload-count]")).to_contain_text(
        "60 of 62 received, 1 held, 1 refused", timeout=60_000
    )
    page.get_by_role("button", name="Files before these").click()
    expect(page.get_by_text("1 to 50 of 62")).to_be_visible()
    assert rows(page) == 50
    page.get_by_role("button", name="Files after these").click()
    expect(page.get_by_text("51 to 62 of 62")).to_be_visible()
    assert rows(page) == 12
    page.get_by_label("Show").select_option("look")
    expect(page.get_by_text("1 to 2 of 2")).to_be_visible()
    held = page.get_by_role("row", name="blank.png")
    held.get_by_role("button", name="Send anyway").click()
    expect(held.get_by_text("waiting")).to_be_visible()
    assert Job.objects.count() == GOOD + 1


def test_a_table_says_which_file_belongs_to_which_case(sign_in: SignIn, tmp_path: Path) -> None:
    files = []
    for n in range(3):
        files.append(tmp_path / f"{n}.png")
        files[-1].write_bytes(picture_file(900 + n))
    table = tmp_path / "manifest.csv"
    table.write_text("filename;accession\r\n0.png;BM-1\r\n1.png;BM-2\r\n")
    page = sign_in(factories.tessa())
    page.goto("/upload/")
    page.get_by_text("Several cases at once").click()
    page.set_input_files("#manifest", table)
    page.set_input_files("#files", files)
    expect(
        page.get_by_text("Nothing was saved: the manifest and the files do not fit.")
    ).to_be_visible()
    expect(page.get_by_text("file_without_row")).to_be_visible()
    assert not Case.objects.exists()
    table.write_text("filename;accession\r\n0.png;BM-1\r\n1.png;BM-2\r\n2.png;BM-2\r\n")
    page.set_input_files("#manifest", table)
    page.set_input_files("#files", files)
    expect(page.get_by_text("3 of 3 received")).to_be_visible()
    found = {image.filename: image.case.accession for image in SmearImage.objects.all()}
    assert found == {"0.png": "BM-1", "1.png": "BM-2", "2.png": "BM-2"}


def test_a_zip_leads_to_its_batch_page(sign_in: SignIn, tmp_path: Path) -> None:
    archive = tmp_path / "tray.zip"
    archive.write_bytes(zipped({f"{n}.png": picture_file(950 + n) for n in range(3)}))
    page = sign_in(factories.tessa())
    page.goto("/upload/")
    page.set_input_files("#archive", archive)
    page.wait_for_url(re.compile("/batches/"))
    expect(page.get_by_text("unpacking").first).to_be_visible()
    expect(page.get_by_text("0 of 3 files")).to_be_visible()
