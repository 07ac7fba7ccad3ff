"""`./hemaqueue submit` against a whole system: killed, resumed, watching; each file once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploy.local.paths import ROOT
from tests.flow.conftest import Stack
from tests.pictures import picture_file

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.timeout(600),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(stack: Stack, tmp_path: Path) -> Start:
    """Start the client as a user does: with a bare Python, that knows nothing of the project's."""
    token = tmp_path / "token"
    token.write_text(stack.people["token"] + "\n")

    def started(folder: Path, *options: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [
                *(sys.executable, "-S", "hemaqueue", "submit", str(folder), "--json"),
                *("--server", stack.installation.url, "--token-file", str(token)),
                *("--image-kind", "synthetic", *options),
            ],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return started


def ended(client: subprocess.Popen[str]) -> tuple[int, dict[str, Any]]:
    said, complaints = client.communicate(timeout=240)
    assert said, complaints
    return client.returncode, json.loads(said)


def pictures(folder: Path, count: int, *, first: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        (folder / f"field-{number}.png").write_bytes(picture_file(number))
    return folder


def answered(folder: Path) -> int:
    state = folder / ".hemaqueue-submit.jsonl"
    return state.read_text().count('"status"') if state.exists() else 0


def images_of(stack: Stack, batch: str) -> list[str]:
    rows = stack.rows("SELECT sha256 FROM specimens_smearimage WHERE batch_id = %s", batch)
    return [str(row[0]) for row in rows]


def until(holds: Callable[[], bool], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_who_is_killed_and_goes_on_sends_each_file_once(
    stack: Stack, start: Start, tmp_path: Path
) -> None:
    folder = pictures(tmp_path / "tray", 40, first=610_000)
    for stop_at in (8, 20):
        client = start(folder, "--accession", "BM-26-610", "--resume")
        until(lambda enough=stop_at: answered(folder) >= enough)
        client.kill()
        client.communicate()
    status, said = ended(start(folder, "--accession", "BM-26-610", "--resume", "--wait"))
    assert (status, said["sent"], said["refused"]) == (0, 40, [])
    assert said["counts"]["done"] == 40
    found = images_of(stack, said["batch"])
    assert len(found) == len(set(found)) == 40
    assert stack.rows("SELECT count(*) FROM specimens_batch WHERE name = 'tray'") == [(1,)]
    again, _ = ended(start(folder, "--resume"))
    assert again == 0
    assert len(images_of(stack, said["batch"])) == 40


def test_what_is_refused_is_named_in_a_table(start: Start, tmp_path: Path) -> None:
    folder = pictures(tmp_path / "mixed", 3, first=620_000)
    (folder / "letter.png").write_bytes(b"%PDF-1.4 hello")
    (folder / "=cmd.jpg").write_bytes(b"")
    status, said = ended(start(folder))
    assert (status, said["sent"]) == (3, 3)
    assert {one["file"]: one["code"] for one in said["refused"]} == {
        "=cmd.jpg": "empty_file",
        "letter.png": "unsupported_type",
    }
    table = (tmp_path / "mixed-refused.csv").read_text()
    assert "'=cmd.jpg,empty_file" in table


def test_a_manifest_that_does_not_fit_sends_nothing(
    stack: Stack, start: Start, tmp_path: Path
) -> None:
    folder = pictures(tmp_path / "listed", 2, first=630_000)
    manifest = tmp_path / "m.csv"
    manifest.write_text("filename,accession\nfield-630000.png,BM-26-630\n")
    client = start(folder, "--manifest", str(manifest))
    _, complaint = client.communicate(timeout=60)
    assert client.returncode == 7
    assert "field-630001.png" in complaint
    manifest.write_text(
        "filename,accession,urgent\nfield-630000.png,BM-26-630,yes\nfield-630001.png,BM-26-631,\n"
    )
    status, said = ended(start(folder, "--manifest", str(manifest), "--resume"))
    assert (status, said["sent"]) == (0, 2)
    cases = "SELECT accession, urgent FROM specimens_case WHERE accession LIKE 'BM-26-63_'"
    assert sorted(stack.rows(cases)) == [("BM-26-630", True), ("BM-26-631", False)]


def test_a_wrong_token_and_a_silent_server_have_statuses_of_their_own(
    start: Start, tmp_path: Path
) -> None:
    folder = pictures(tmp_path / "two", 2, first=640_000)
    (tmp_path / "bad").write_text("hq_wrong")
    client = start(folder, "--token-file", str(tmp_path / "bad"))
    client.communicate(timeout=60)
    assert client.returncode == 5
    options = ("--server", "http://127.0.0.1:9", "--patience", "1", "--state", f"{tmp_path}/s")
    client = start(folder, *options)
    client.communicate(timeout=60)
    assert client.returncode == 6


def test_a_watched_folder_is_emptied_and_survives_a_restart(
    stack: Stack, start: Start, tmp_path: Path
) -> None:
    folder = pictures(tmp_path / "scanner", 6, first=650_000)
    (folder / "growing.png").write_bytes(picture_file(650_100)[:100])
    client = start(folder, "--watch", "--every", "0.5")
    until(lambda: len(list(folder.glob("sent/*.png"))) >= 3)
    client.kill()
    client.communicate()
    pictures(folder, 4, first=650_010)
    (folder / "growing.png").write_bytes(picture_file(650_100))
    client = start(folder, "--watch", "--every", "0.5")
    until(lambda: not list(folder.glob("*.png")))
    client.terminate()
    client.communicate(timeout=30)
    assert client.returncode == 128 + 15
    names = {path.name for path in folder.glob("sent/*.png")}
    assert {f"field-{650_000 + n}.png" for n in (*range(6), *range(10, 14))} <= names
    found = stack.rows(
        "SELECT i.sha256 FROM specimens_smearimage i JOIN specimens_batch b ON b.id = i.batch_id"
        " WHERE b.name LIKE 'scanner %%'"
    )
    assert len(found) == len(set(found))
    assert len(found) in (10, 11)  # what was cut off while it grew may have been refused before
