"""A morning at its largest: two thousand files one by one, and an archive of five hundred."""

from __future__ import annotations

import secrets
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.processes import children_of
from tests.flow.conftest import Stack
from tests.pictures import picture, picture_file

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(3600),
    pytest.mark.chaos,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

FILES, IN_ARCHIVE, IN_FLIGHT = 2000, 500, 3
BAD = {
    "letter.png": b"%PDF-1.4 hello",
    "notes.txt": b"no picture",
    "half.png": picture_file(1)[:99],
}
CONTEXT = {"image_kind": "synthetic", "accession": "BM-26-2000"}


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


def test_two_thousand_files_arrive_one_by_one(
    stack: Stack,
    pictures: Callable[[int, int], list[Path]],
    record_property: Callable[[str, object], None],
) -> None:
    _, batch = stack.client.post("/api/v1/batches/", {"name": "Large", "expected": str(FILES)})
    files = pictures(FILES, 100_000)
    client, started = stack.client, time.monotonic()
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        fields = CONTEXT | {"batch": batch["id"]}
        answers = pool.map(lambda file: client.upload(file, fields)[0], files)
        codes = list(answers)
    sent = time.monotonic() - started
    assert set(codes) == {202}
    stack.watch(lambda: counts(stack, batch["url"])["done"] == FILES, seconds=1500)
    record_property("sent_seconds", round(sent))
    record_property("done_seconds", round(time.monotonic() - started))
    said = counts(stack, batch["url"])
    assert (said["accepted"], said["failed"], said["refused"]) == (FILES, 0, 0)
    stack.watch(lambda: bool(notices(stack)), seconds=30)
    (notice,) = notices(stack)
    assert (notice["subject"], notice["facts"]["done"]) == (batch["id"], FILES)


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
    stack.watch(lambda: len(notices(stack)) >= 1, seconds=30)
