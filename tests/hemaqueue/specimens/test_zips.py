"""ZIP files are judged by their directory: what could do harm is refused whole, at once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pytest

from hemaqueue.common.errors import Refused
from hemaqueue.specimens.zips import Contents, contents_of, entry_bytes
from jobcontract.image_refusals import ImageRefused
from tests.archives import encrypted, lying, with_link, zipped
from tests.corpus_mutants import damaged

FINE = {"a/one.png": b"1", "a/two.png": b"22"}


def contents(data: bytes) -> Contents:
    return contents_of(io.BytesIO(data), size=len(data))


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        contents(data)
    assert refused.value.status == 422
    return refused.value.code


def test_files_keep_the_path_by_which_people_know_them() -> None:
    assert [(one.name, one.size) for one in contents(zipped(FINE)).entries] == [
        ("a/one.png", 1), ("a/two.png", 2),
    ]  # fmt: skip


def test_folders_and_what_systems_leave_behind_are_no_files() -> None:
    litter = {"__MACOSX/a/._one.png": b"x", "a/.DS_Store": b"x", "Thumbs.db": b"x", "a/": b""}
    assert len(contents(zipped(FINE | litter)).entries) == 2


def test_a_manifest_at_the_top_is_no_picture() -> None:
    found = contents(zipped(FINE | {"Manifest.csv": b"filename\n"}))
    assert found.manifest is not None
    assert len(found.entries) == 2


@pytest.mark.parametrize("name", ["../up.png", "a/../../up.png", "/etc/x.png", "C:/x.png",
                                  "..\\up.png", "C:\\x.png", "a\nb.png"])  # fmt: skip
def test_a_path_that_leads_out_refuses_the_whole_archive(name: str) -> None:
    assert refusal(zipped(FINE | {name: b"x"})) == "unsafe_archive"


def test_a_link_refuses_the_whole_archive() -> None:
    assert refusal(with_link()) == "unsafe_archive"


def test_half_a_gigabyte_of_nothing_is_not_unpacked() -> None:
    bomb = zipped({"zeros.png": bytes(50 << 20)}, method=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 100_000
    assert refusal(bomb) == "archive_too_large"


def test_a_size_that_no_archive_could_hold_is_too_large() -> None:
    assert refusal(lying(zipped({"a.png": bytes(5000)}), claimed=3 << 30)) == "archive_too_large"


def test_more_than_two_thousand_files_are_too_many() -> None:
    assert refusal(zipped({f"{n}.png": b"x" for n in range(2001)})) == "archive_too_large"


def test_a_directory_of_a_hundred_thousand_files_is_not_even_read() -> None:
    many = zipped({f"{n:040}.png": b"" for n in range(50_000)})
    assert refusal(many) == "archive_too_large"


def test_an_archive_in_an_archive_is_not_opened() -> None:
    assert refusal(zipped(FINE | {"inner.zip": zipped(FINE)})) == "unsupported_archive"


def test_a_password_is_not_guessed() -> None:
    assert refusal(encrypted(zipped(FINE))) == "unsupported_archive"


def test_an_unusual_packing_is_refused() -> None:
    assert refusal(zipped(FINE, method=zipfile.ZIP_LZMA)) == "unsupported_archive"


@pytest.mark.parametrize("data", [b"", b"no archive", zipped(FINE)[:-30], b"PK\x05\x06" + bytes(5)])
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    assert refusal(data) == "unsupported_archive"


def test_an_archive_of_folders_only_is_empty() -> None:
    assert refusal(zipped({"a/": b"", "a/b/": b""})) == "empty_archive"


def test_entries_of_one_name_are_told_apart() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("one.png", b"1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("one.png", b"2")
    names = [one.name for one in contents(buffer.getvalue()).entries]
    assert names == ["one.png", "one.png (2)"]


def damage(count: int) -> Iterator[tuple[str, bytes]]:
    names = {f"a/{n}.png": bytes(range(256)) * n for n in range(1, 4)}
    yield from damaged(zipped(names), count)
    yield from damaged(zipped(names, method=zipfile.ZIP_DEFLATED), count)


@pytest.mark.parametrize(
    "count", [500, pytest.param(50_000, marks=[pytest.mark.long, pytest.mark.timeout(1800)])]
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_damaged_archive_is_read_or_refused(count: int) -> None:
    """Nothing else is raised, at the look into it or at the files in it."""
    read = refused = 0
    for title, data in damage(count):
        file = io.BytesIO(data)
        try:
            found = contents_of(file, size=len(data))
            with zipfile.ZipFile(file) as opened:
                for entry in found.entries:
                    assert len(entry_bytes(opened, entry, most=1 << 16)) <= (1 << 16) + 1, title
                    read += 1
        except (Refused, ImageRefused):
            refused += 1
    assert read and refused
