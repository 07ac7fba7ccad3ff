"""What a data set is read from: a folder of this machine, or a ZIP that lies in the store."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from hemaqueue.specimens import zips
from hemaqueue.specimens.archives import archive_file

MOST_FILES = 40_000


@dataclass(frozen=True)
class FolderFiles:
    """The files below a folder, without hidden ones and links."""

    folder: Path

    def names(self) -> list[str]:
        found = (path for path in self.folder.rglob("*") if path.is_file())
        inside = (path for path in found if not path.is_symlink())
        names = (path.relative_to(self.folder).as_posix() for path in inside)
        return sorted(name for name in names if not _hidden(name))

    def read(self, name: str, *, most: int) -> bytes:
        with (self.folder / name).open("rb") as file:
            return file.read(most + 1)


def _hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


class ZipFiles:
    """The files of a stored archive, which was judged when it came."""

    def __init__(self, file: io.BufferedReader, *, size: int) -> None:
        found = zips.contents_of(file, size=size, most=MOST_FILES)
        every = [*found.entries, *([found.manifest] if found.manifest else [])]
        self._entries = {entry.name: entry for entry in every}
        self._names = sorted(self._entries)
        self._opened = zipfile.ZipFile(file)

    def names(self) -> list[str]:
        return self._names

    def read(self, name: str, *, most: int) -> bytes:
        """Raise ImageRefused where the entry is not what the directory says of it."""
        return zips.entry_bytes(self._opened, self._entries[name], most=most)


@contextmanager
def archive_files(archive: UUID, *, size: int) -> Iterator[ZipFiles]:
    """Open a stored archive.

    Raises:
        UnsafeArchive, ArchiveTooLarge, UnsupportedArchive, EmptyArchive: see `zips`.
        FileMissing, FileDamaged: the stored archive is gone or is not what was written.
    """
    with archive_file(archive, size=size) as file:
        yield ZipFiles(file, size=size)
