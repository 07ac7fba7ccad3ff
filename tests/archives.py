"""ZIP files for the tests, friendly and hostile, and how one gets into the store."""

from __future__ import annotations

import io
import struct
import uuid
import zipfile
from collections.abc import Mapping

from hemaqueue.specimens.archives import ArchiveWriter


def zipped(files: Mapping[str, bytes], *, method: int = zipfile.ZIP_STORED) -> bytes:
    """Return a ZIP file with `files` by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def with_link(name: str = "link.png", *, to: str = "/etc/passwd") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.create_system = 3
        info.external_attr = 0o120777 << 16
        archive.writestr(info, to)
    return buffer.getvalue()


def zeros(size: int) -> bytes:
    """Return a ZIP file of one file of nothing, packed a piece at a time."""
    buffer = io.BytesIO()
    packed = zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with packed as archive, archive.open("zeros.png", "w") as file:
        for _ in range(size >> 20):
            file.write(bytes(1 << 20))
    return buffer.getvalue()


def encrypted(data: bytes) -> bytes:
    """Return a ZIP file whose flags say that its entries are encrypted."""
    changed = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = changed.find(mark)
        while start >= 0:
            changed[start + at] |= 1
            start = changed.find(mark, start + 4)
    return bytes(changed)


def lying(data: bytes, *, claimed: int) -> bytes:
    """Return a ZIP file whose directory claims another size for its first entry."""
    changed = bytearray(data)
    struct.pack_into("<I", changed, changed.find(b"PK\x01\x02") + 24, claimed)
    return bytes(changed)


def stored(data: bytes) -> uuid.UUID:
    """Store an archive as the upload does; return its id."""
    writer = ArchiveWriter(uuid.uuid4())
    writer.write(data)
    writer.close()
    return writer.archive
