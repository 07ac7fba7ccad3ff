"""The store's files, from one folder to another: each copied, hashed and fsynced."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from deploy.local.backup.manifest import CHUNK, BackupRefused

AT_ONCE = 4


@dataclass(frozen=True)
class Copied:
    key: str
    bytes: int
    sha256: str

    def line(self) -> str:
        return f"{self.sha256} {self.bytes} {self.key}\n"


def keys(root: Path, *, since: float = 0.0) -> Iterator[str]:
    """Yield the keys of the whole files below a store that were written after `since`.

    Half-written ones are nobody's yet.
    """
    for folder, _, names in os.walk(root):
        for path in (Path(folder) / name for name in names if not name.endswith(".part")):
            with suppress(FileNotFoundError):  # removed meanwhile
                if not since or path.stat().st_mtime >= since:
                    yield path.relative_to(root).as_posix()


def copy_all(source: Path, target: Path, wanted: Iterable[str]) -> dict[str, Copied]:
    """Copy files by key; what was removed meanwhile is left out."""
    with ThreadPoolExecutor(AT_ONCE) as several:
        found = several.map(lambda key: _copy(source / key, target / key, key), wanted)
        return {one.key: one for one in found if one is not None}


def _copy(source: Path, target: Path, key: str) -> Copied | None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    found, size = hashlib.sha256(), 0
    try:
        with source.open("rb") as given, _new(target) as made:
            while chunk := given.read(CHUNK):
                found.update(chunk)
                size += made.write(chunk)
            made.flush()
            os.fsync(made.fileno())
    except FileNotFoundError:
        target.unlink(missing_ok=True)
        return None
    return Copied(key, size, found.hexdigest())


def _new(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def sums(path: Path) -> Iterator[Copied]:
    """Read a list of sums, one file at a time."""
    with path.open() as lines:
        for line in lines:
            sha256, size, key = line.rstrip("\n").split(" ", 2)
            yield Copied(key, int(size), sha256)


def restore_all(source: Path, target: Path, wanted: Iterable[Copied]) -> int:
    """Copy files back and compare each with its sum; return how many.

    Raises:
        BackupRefused: one is missing or is not what it was.
    """
    expected = {one.key: one for one in wanted}
    copied = copy_all(source, target, expected)
    wrong = [key for key, one in expected.items() if copied.get(key) != one]
    if wrong:
        raise BackupRefused(f"{len(wrong)} files are missing or altered, the first is {wrong[0]}")
    return len(copied)
