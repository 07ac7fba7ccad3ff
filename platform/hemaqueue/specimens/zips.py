"""What is in a ZIP file, judged by its directory alone: nothing is unpacked to find out.

What could do harm is refused whole (the bad-input table); what is only no picture becomes a
refused file of its own when its turn comes.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from hemaqueue.common.errors import Refused
from hemaqueue.specimens.batches import MOST_FILES
from jobcontract.image_refusals import ImageRefused

MOST_BYTES = 1 << 30
MOST_UNPACKED = 4 << 30
MOST_DIRECTORY = 4 << 20
MOST_RATIO = 100
PIECE = 1 << 20
MANIFEST = "manifest.csv"
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
UNREADABLE = 0x1 | 0x20 | 0x40 | 0x2000  # encrypted in one way or another, or a patch
NESTED = {".zip", ".7z", ".rar", ".gz", ".tar", ".tgz", ".bz2", ".xz"}
LITTER = {".ds_store", "thumbs.db", "desktop.ini"}
END, END_SIZE, LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
DRIVE = re.compile(r"[A-Za-z]:")


class UnsafeArchive(Refused):
    """The archive holds a path that leads out of it, or a link. Pack the pictures again."""

    code = "unsafe_archive"


class ArchiveTooLarge(Refused):
    """The archive holds more than 2,000 files, or far too much for its size. Send it in parts."""

    code = "archive_too_large"


class UnsupportedArchive(Refused):
    """The archive cannot be read: send a plain ZIP, without a password or archives in it."""

    code = "unsupported_archive"


class EmptyArchive(Refused):
    """There is no file in the archive."""

    code = "empty_archive"


@dataclass(frozen=True)
class Entry:
    """One file of an archive; `name` is its path with slashes, as people see it."""

    name: str
    size: int
    info: zipfile.ZipInfo


@dataclass(frozen=True)
class Contents:
    entries: list[Entry]
    manifest: Entry | None


def contents_of(file: io.BufferedIOBase, *, size: int, most: int = MOST_FILES) -> Contents:
    """Return what a ZIP file of `size` bytes holds: at most `most` files and a manifest.

    Raises:
        UnsafeArchive, ArchiveTooLarge, UnsupportedArchive, EmptyArchive
    """
    _check_directory(file, size=size)
    try:
        with zipfile.ZipFile(file) as opened:  # type: ignore[arg-type]
            found = opened.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise UnsupportedArchive from error
    if not all(one.filename for one in found):
        raise UnsafeArchive
    files = [one for one in found if not one.is_dir()]
    if len(files) > most * 2 or _is_bomb(files, size=size):
        raise ArchiveTooLarge
    entries = _with_names_of_their_own([_entry(one) for one in files if not _is_litter(one)])
    manifest = next((one for one in entries if one.name.lower() == MANIFEST), None)
    pictures = [one for one in entries if one is not manifest]
    if not pictures:
        raise EmptyArchive
    if len(pictures) > most:
        raise ArchiveTooLarge
    return Contents(pictures, manifest)


def _check_directory(file: io.BufferedIOBase, *, size: int) -> None:
    """Refuse what has no end record, or a directory that would not fit into little memory."""
    tail = min(size, END_SIZE + LONGEST_COMMENT)
    file.seek(size - tail)
    record = file.read(tail)
    at = record.rfind(END)
    if at < 0 or len(record) - at < END_SIZE:
        raise UnsupportedArchive
    directory = struct.unpack_from("<I", record, at + 12)[0]
    if directory > MOST_DIRECTORY:
        raise ArchiveTooLarge


def _is_bomb(files: list[zipfile.ZipInfo], *, size: int) -> bool:
    """Say whether the files claim to hold far more than the archive could, or lie on each other."""
    whole = sum(one.file_size for one in files)
    packed = sum(one.compress_size for one in files)
    swollen = any(one.file_size > MOST_RATIO * max(one.compress_size, 1) for one in files)
    return swollen or packed > size or whole > min(MOST_UNPACKED, MOST_RATIO * size)


def _with_names_of_their_own(entries: list[Entry]) -> list[Entry]:
    """Return the entries with a number behind a name that was there before."""
    times: Counter[str] = Counter()
    named = []
    for entry in entries:
        times[entry.name] += 1
        number = times[entry.name]
        named.append(replace(entry, name=f"{entry.name} ({number})") if number > 1 else entry)
    return named


def _entry(info: zipfile.ZipInfo) -> Entry:
    name = info.orig_filename.replace("\\", "/")
    parts = name.split("/")
    mode = stat.S_IFMT(info.external_attr >> 16)
    if name.startswith("/") or ".." in parts or DRIVE.match(name) or _has_controls(name):
        raise UnsafeArchive
    if mode not in (0, stat.S_IFREG):
        raise UnsafeArchive
    if info.flag_bits & UNREADABLE or info.compress_type not in METHODS:
        raise UnsupportedArchive
    if PurePosixPath(name).suffix.lower() in NESTED:
        raise UnsupportedArchive
    return Entry("/".join(part for part in parts if part not in ("", ".")), info.file_size, info)


def _has_controls(name: str) -> bool:
    return any(unicodedata.category(one) == "Cc" for one in name)


def _is_litter(info: zipfile.ZipInfo) -> bool:
    """Say whether a file is what systems leave in folders, unasked."""
    parts = info.filename.replace("\\", "/").split("/")
    last = parts[-1].lower()
    return "__MACOSX" in parts or last.startswith("._") or last in LITTER


def entry_bytes(opened: zipfile.ZipFile, entry: Entry, *, most: int) -> bytes:
    """Return the content of an entry as it really is, at most one byte more than `most`.

    Raises:
        ImageRefused: the entry is not what the directory says of it.
    """
    taken = io.BytesIO()  # grows in place: a large file is never in memory twice
    try:
        with opened.open(entry.info) as file:
            while piece := file.read(min(PIECE, most + 1 - taken.tell())):
                taken.write(piece)
        return taken.getvalue()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise ImageRefused("corrupt_image", "The archive is damaged at this file.") from error
