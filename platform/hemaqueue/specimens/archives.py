"""Archives on their way in: sealed in parts while they arrive, read in place, then removed.

    archives/<id>/0000 …    parts of 8 MiB, each a sealed file of its own
    archives/<id>/facts     size, and what the sender said about the pictures

Neither an archive nor what is in it ever lies on disk in clear, and no part of it larger than
two parts is in memory.
"""

from __future__ import annotations

import io
import json
from collections import OrderedDict
from typing import Any
from uuid import UUID

from jobcontract import sealing, storage

FOLDER = "archives"
PART_BYTES = 8 << 20
PARTS_IN_MEMORY = 2


def _key(archive: UUID, name: str) -> str:
    return f"{FOLDER}/{archive.hex}/{name}"


class ArchiveWriter:
    """Takes an archive piece by piece and stores it sealed."""

    def __init__(self, archive: UUID) -> None:
        self.archive = archive
        self.size = 0
        self._rest = bytearray()

    def write(self, data: bytes) -> None:
        self.size += len(data)
        self._rest += data
        while len(self._rest) >= PART_BYTES:
            self._store(bytes(self._rest[:PART_BYTES]))
            del self._rest[:PART_BYTES]

    def close(self) -> None:
        """Store what is left over; nothing is written afterwards."""
        if self._rest:
            self._store(bytes(self._rest))
            self._rest.clear()

    def _store(self, part: bytes) -> None:
        stored = self.size - len(self._rest)
        sealing.write_sealed(_key(self.archive, f"{stored // PART_BYTES:04}"), part)


class ArchiveReader(io.RawIOBase):
    """A stored archive as a file that can be read from anywhere."""

    def __init__(self, archive: UUID, *, size: int) -> None:
        super().__init__()
        self.archive, self.size = archive, size
        self._at = 0
        self._parts: OrderedDict[int, bytes] = OrderedDict()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` from one part; what goes beyond it comes with the next call."""
        if self._at >= self.size:
            return 0
        number, at = divmod(self._at, PART_BYTES)
        piece = self._part(number)[at : at + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _part(self, number: int) -> bytes:
        if number not in self._parts:
            self._parts[number] = sealing.read_sealed(_key(self.archive, f"{number:04}"))
            if len(self._parts) > PARTS_IN_MEMORY:
                self._parts.popitem(last=False)
        self._parts.move_to_end(number)
        return self._parts[number]


def archive_file(archive: UUID, *, size: int) -> io.BufferedReader:
    return io.BufferedReader(ArchiveReader(archive, size=size))


def archive_describe(archive: UUID, facts: dict[str, Any]) -> None:
    """Store what is known of an archive, sealed as the archive is: it holds names."""
    sealing.write_sealed(_key(archive, "facts"), json.dumps(facts).encode())


def archive_facts(archive: UUID) -> dict[str, Any]:
    """Return what `archive_describe` stored.

    Raises:
        FileMissing: there is no such archive any more.
    """
    return dict(json.loads(sealing.read_sealed(_key(archive, "facts"))))


def archive_discard(archive: UUID) -> None:
    """Remove an archive; removing it twice is removing it once."""
    for key in list(storage.keys(f"{FOLDER}/{archive.hex}")):
        storage.remove(key)
