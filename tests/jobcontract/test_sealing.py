"""What lies on the disk is not readable, and is not changed without notice."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from jobcontract import sealing, storage
from jobcontract.environment import data_folder
from jobcontract.sealing import FileDamaged
from jobcontract.storage import FileMissing, KeyRefused

PLAIN = b"a picture of cells" * 1000


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEMAQUEUE_DATA", str(tmp_path))


def on_disk(key: str) -> Path:
    return data_folder() / "files" / key


def test_platform_and_worker_read_what_was_sealed() -> None:
    file = sealing.write_sealed("images/aa/one", PLAIN)
    assert sealing.read_sealed("images/aa/one") == PLAIN
    assert sealing.read_shared(file) == PLAIN
    assert sealing.read_shared(sealing.shared_file(file.key)) == PLAIN


def test_the_disk_holds_no_plain_bytes() -> None:
    sealing.write_sealed("images/aa/one", PLAIN)
    assert PLAIN[:18] not in on_disk("images/aa/one").read_bytes()
    assert [path.name for path in on_disk("images/aa").iterdir()] == ["one"]


@pytest.mark.parametrize("at", [0, 5, 60, -40, -1])
def test_one_flipped_byte_is_noticed(at: int) -> None:
    sealing.write_sealed("images/aa/one", PLAIN)
    data = bytearray(on_disk("images/aa/one").read_bytes())
    data[at] ^= 1
    on_disk("images/aa/one").write_bytes(data)
    with pytest.raises(FileDamaged):
        sealing.read_sealed("images/aa/one")


def test_a_cut_off_file_is_noticed() -> None:
    sealing.write_sealed("images/aa/one", PLAIN)
    on_disk("images/aa/one").write_bytes(on_disk("images/aa/one").read_bytes()[:-20])
    with pytest.raises(FileDamaged):
        sealing.read_sealed("images/aa/one")


def test_files_cannot_be_swapped() -> None:
    sealing.write_sealed("images/aa/one", PLAIN)
    sealing.write_sealed("images/aa/two", PLAIN)
    on_disk("images/aa/one").write_bytes(on_disk("images/aa/two").read_bytes())
    with pytest.raises(FileDamaged):
        sealing.read_sealed("images/aa/one")


def test_a_data_key_opens_its_own_file_only() -> None:
    one = sealing.write_sealed("images/aa/one", PLAIN)
    two = sealing.write_sealed("images/aa/two", PLAIN)
    with pytest.raises(FileDamaged):
        sealing.read_shared(sealing.SealedFile(key=one.key, data_key=two.data_key))


@pytest.mark.parametrize("key", ["", "/etc/passwd", "a/../b", "../a", "a//b", "A", "a\0b", "a/"])
def test_a_key_that_is_no_plain_path_is_refused(key: str) -> None:
    with pytest.raises(KeyRefused):
        storage.write(key, b"x")


def test_of_several_files_none_is_there_where_one_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[int] = []

    def full_disk(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        sealing.write_sealed_all({"images/aa/one": PLAIN, "images/aa/two": PLAIN})
    assert list((data_folder() / "files/images/aa").iterdir()) == []


def test_files_written_together_are_read_one_by_one() -> None:
    files = sealing.write_sealed_all({"images/aa/one": PLAIN, "images/aa/two": PLAIN[::-1]})
    assert sealing.read_sealed("images/aa/one") == PLAIN
    assert sealing.read_shared(files["images/aa/two"]) == PLAIN[::-1]


def test_a_missing_file_says_so() -> None:
    with pytest.raises(FileMissing):
        storage.read("images/aa/none")


def test_a_text_opens_only_in_its_own_column() -> None:
    sealed = sealing.seal_text("K-1181.jpg", purpose="smearimage.filename")
    assert b"K-1181" not in sealed
    assert sealing.open_text(sealed, purpose="smearimage.filename") == "K-1181.jpg"
    with pytest.raises(FileDamaged):
        sealing.open_text(sealed, purpose="case.note")
