"""A morning at its largest: a folder of two thousand files, and an archive of five hundred.

The browser that sends the folder is ended in the middle of it, and another one goes on.
"""

from __future__ import annotations

import csv
import secrets
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.local.system import chromium
from tests.chaos.processes import children_of
from tests.pictures import picture, picture_file
from tests.stack import Stack, running_stack

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(3600),
    pytest.mark.chaos,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

FILES, IN_ARCHIVE, CLOSED_AFTER = 2000, 500, 800
BAD = {
    "letter.png": b"%PDF-1.4 hello",
    "notes.txt": b"no picture",
    "half.png": picture_file(1)[:99],
}
ARRIVED = """SELECT (SELECT count(*) FROM specimens_smearimage),
                    (SELECT count(*) FROM specimens_refusedfile)"""
CONTEXT = {"image_kind": "synthetic", "accession": "BM-26-2000"}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Return a system that waits as long as one in use does before it gives a worker up."""
    with running_stack(tmp_path_factory.mktemp("bench"), silence_seconds=60) as running:
        yield running


@pytest.fixture
def pictures(tmp_path: Path) -> Iterator[Callable[[int, int], list[Path]]]:
    def drawn(count: int, first: int) -> list[Path]:
        made = []
        for seed in range(first, first + count):
            made.append(tmp_path / f"{seed}.png")
            made[-1].write_bytes(picture_file(seed))
        picture.cache_clear()
        return made

    yield drawn


def counts(stack: Stack, address: str) -> dict[str, Any]:
    return stack.client.get(address)[1]["counts"]


def peak_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def notices(stack: Stack) -> list[dict[str, Any]]:
    return stack.client.get("/api/v1/notices/")[1]["results"]


@contextmanager
def browser_of_tessa(like: Browser, stack: Stack) -> Iterator[Page]:
    """Start a Chromium of its own, with Tessa signed in; it ends, whatever it does."""
    started = like.browser_type.launch(executable_path=chromium(), args=["--no-sandbox"])
    page = started.new_page(base_url=stack.installation.url)
    [said] = [one for one in stack.people["logins"] if one["username"] == "tessa"]
    page.goto("/account/login/")
    page.get_by_label("Username").fill("tessa")
    page.get_by_label("Password").fill(said["password"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/login/" not in address)
    if (read := page.get_by_role("button", name="I have read this")).is_visible():
        read.click()
        page.wait_for_load_state()
    try:
        yield page
    finally:
        started.close()


def arrived(stack: Stack) -> int:
    return sum(stack.rows(ARRIVED)[0])


def live(stack: Stack, address: str) -> int:
    said = counts(stack, address)
    return int(said["waiting"] + said["working"])


def is_file(url: str) -> bool:
    return url.endswith("/files/")


def test_two_thousand_files_arrive_though_the_browser_is_closed(
    stack: Stack,
    pictures: Callable[[int, int], list[Path]],
    chromium_of_this_run: Browser,
    record_property: Callable[[str, object], None],
) -> None:
    folder = pictures(FILES - len(BAD), 100_000)[0].parent
    for name, data in BAD.items():
        (folder / name).write_bytes(data)
    began = time.monotonic()
    with browser_of_tessa(chromium_of_this_run, stack) as page:
        page.goto("/upload/")
        page.get_by_label("Accession number").fill(CONTEXT["accession"])
        page.set_input_files("#folder", folder)
        stack.watch(lambda: arrived(stack) >= CLOSED_AFTER, seconds=900)
    [(batch,)] = stack.rows("SELECT id::text FROM specimens_batch")
    address = f"/api/v1/batches/{batch}/"
    stack.watch(lambda: not live(stack, address), seconds=300)  # while nobody looks
    known = arrived(stack)
    said = counts(stack, address)
    assert CLOSED_AFTER <= known < FILES
    assert (said["expected"], said["accepted"] + said["refused"]) == (FILES, known)
    assert said["done"] == said["accepted"]

    with browser_of_tessa(chromium_of_this_run, stack) as page:
        sent: list[str] = []
        page.on("request", lambda one: sent.append(one.method) if is_file(one.url) else None)
        page.goto("/upload/")
        expect(page.get_by_text(f"{FILES - known} files did not arrive.")).to_be_visible()
        page.get_by_role("link", name="Go on").click()
        page.wait_for_url("**/add/")
        page.set_input_files("#folder", folder)
        stack.watch(lambda: arrived(stack) == FILES, seconds=1500)
        record_property("sent_seconds", round(time.monotonic() - began))
        expect(page.locator("[data-upload-count]")).to_contain_text(f"of {FILES} received")
        page.get_by_role("link", name="To the batch page").click()
        expect(page.get_by_text(f"{len(BAD)} files were refused")).to_be_visible()
        with page.expect_download() as listed:
            page.get_by_role("link", name="List as CSV").click()
        refused = {row["file"]: row for row in csv.DictReader(listed.value.path().open())}
        assert len(sent) == FILES - known
    assert {Path(name).name for name in refused} == set(BAD)
    assert all(row["code"] and row["reason"] for row in refused.values())

    stack.watch(lambda: not live(stack, address), seconds=900)
    record_property("done_seconds", round(time.monotonic() - began))
    said = counts(stack, address)
    good = FILES - len(BAD)
    assert (said["done"], said["failed"], said["refused"]) == (good, 0, len(BAD))
    stack.watch(lambda: bool(notices(stack)), seconds=30)
    (notice,) = notices(stack)
    assert (notice["subject"], notice["facts"]["done"]) == (batch, good)
    assert notice["facts"]["missing"] == 0


def test_an_archive_of_five_hundred_is_unpacked_in_little_memory(
    stack: Stack,
    pictures: Callable[[int, int], list[Path]],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    archive = tmp_path / "tray.zip"
    files = pictures(IN_ARCHIVE, 200_000)
    with zipfile.ZipFile(archive, "w") as opened:
        for file in files:
            opened.write(file, f"tray/{file.name}")
        for name, data in BAD.items():
            opened.writestr(name, data)
        opened.write(files[0], "again.png")
        opened.writestr("padding.bin", secrets.token_bytes(60 << 20))
    workers = children_of(stack.installation.supervisor.processes()["report"])
    before = max(map(peak_kib, workers))
    started = time.monotonic()
    status, said = stack.client.upload(archive, CONTEXT, to="/api/v1/batches/zip/")
    asked = time.monotonic() - started
    assert status == 202, said
    assert asked < 60
    address = said["batch_url"]
    stack.watch(lambda: not stack.client.get(address)[1]["unpacking"], seconds=600)
    unpacked = time.monotonic() - started
    stack.watch(lambda: counts(stack, address)["done"] == IN_ARCHIVE, seconds=600)
    grown = max(map(peak_kib, workers)) - before
    record_property("request_seconds", round(asked, 1))
    record_property("unpacked_seconds", round(unpacked))
    record_property("grown_mib", grown >> 10)
    found = counts(stack, address)
    assert (found["accepted"], found["duplicate"], found["refused"]) == (IN_ARCHIVE, 1, 4)
    assert grown < 150 << 10
    told = [str(said["batch_id"])]
    stack.watch(lambda: [one["subject"] for one in notices(stack)][:1] == told, seconds=30)
