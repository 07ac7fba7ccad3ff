"""`./hemaqueue submit` against a whole system: killed, resumed, watching; each file once."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from deploy.local.submit.journal import Journal
from deploy.local.submit.sending import Sending
from tests.chaos.proxy import Proxy
from tests.flow.conftest import Stack
from tests.flow.submitting import Start, answered, ended, images_of, pictures, until
from tests.pictures import picture_file

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.timeout(600),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


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
    with (folder / "large.tif").open("wb") as large:
        large.truncate(65 << 20)
    status, said = ended(start(folder))
    assert (status, said["sent"]) == (3, 3)
    assert {one["file"]: one["code"] for one in said["refused"]} == {
        "=cmd.jpg": "empty_file",
        "large.tif": "file_too_large",
        "letter.png": "unsupported_type",
    }
    table = (tmp_path / "mixed-refused.csv").read_text()
    assert "'=cmd.jpg,empty_file" in table


NAMES = ("\N{SYRINGE}.png", "CON.png", "<b>.png", 'x";a=b.png', "n" * 200 + ".png", "a\nb.png",
         "\N{RIGHT-TO-LEFT OVERRIDE}gnp.png", os.fsdecode(b"\xff.png"))  # fmt: skip


def test_hostile_names_and_twins_are_sent(stack: Stack, start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "names"
    for number, name in enumerate(NAMES, start=625_000):
        pictures(folder, 1, first=number)
        (folder / f"field-{number}.png").rename(folder / name)
    (folder / "twin.png").write_bytes((folder / "CON.png").read_bytes())
    (folder / os.fsdecode(b"\xfe.jpg")).write_bytes(b"")
    status, said = ended(start(folder))
    assert (status, said["sent"], said["duplicates"]) == (3, len(NAMES) + 1, 1)
    assert [one["code"] for one in said["refused"]] == ["empty_file"]
    found = images_of(stack, said["batch"])
    assert len(found) == len(set(found)) == len(NAMES)


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


def test_a_watcher_outlives_the_servers_absence(stack: Stack, start: Start, tmp_path: Path) -> None:
    away = Proxy(stack.installation.port)
    away.start()
    folder = pictures(tmp_path / "wing", 2, first=660_000)
    server = ("--server", f"http://127.0.0.1:{away.port}", "--patience", "1")
    client = start(folder, "--watch", "--every", "0.3", *server)
    until(lambda: len(list(folder.glob("sent/*.png"))) == 2)
    away.upstream = 9
    away.reset()
    pictures(folder, 2, first=660_010)
    time.sleep(4)
    assert len(list(folder.glob("*.png"))) == 2
    away.upstream = stack.installation.port
    until(lambda: not list(folder.glob("*.png")))
    client.terminate()
    client.communicate(timeout=30)
    away.stop()
    assert len(list(folder.glob("sent/*.png"))) == 4


def test_a_file_that_cannot_be_read_is_no_fault_of_the_server(stack: Stack, tmp_path: Path) -> None:
    good = pictures(tmp_path / "mixed", 1, first=665_000) / "field-665000.png"
    files = {"good.png": good, "locked.png": tmp_path / "mixed"}  # a folder cannot be read as file
    sending = Sending(stack.client, Journal(tmp_path / "state", stack.client.url), {}, patience=5)
    sending.batch_open(name="locked", expected=2)
    codes = [one.code for one in sending.send(files, tell=lambda _: None)]
    assert codes == ["", "file_unreadable"]
    files["locked.png"] = pictures(tmp_path / "later", 1, first=665_001) / "field-665001.png"
    assert [one.code for one in sending.send(files, tell=lambda _: None)] == ["", ""]


def test_two_clients_do_not_write_one_state_file(start: Start, tmp_path: Path) -> None:
    folder = pictures(tmp_path / "shared", 1, first=670_000)
    first = start(folder, "--watch", "--every", "0.3")
    until(lambda: answered(folder) == 1)
    second = start(folder, "--resume")
    _, complaint = second.communicate(timeout=30)
    assert second.returncode == 1
    assert "another ./hemaqueue submit uses" in complaint
    first.terminate()
    first.communicate(timeout=30)


def test_on_a_terminal_a_bar_is_drawn(start: Start, tmp_path: Path) -> None:
    folder = pictures(tmp_path / "bar", 3, first=680_000)
    shown, terminal = os.openpty()
    client = start(folder, "--wait", stderr=terminal, plain=True)
    client.wait(timeout=60)
    os.close(terminal)
    drawn = b"".join(iter(lambda: _read(shown), b"")).decode()
    assert client.returncode == 0
    assert "3/3 files sent" in drawn
    assert "\u2588" * 30 in drawn
    assert "3 of 3 files are there; 3 have a result, 0 failed" in drawn


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is closed
        return b""
