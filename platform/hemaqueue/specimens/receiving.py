"""Taking an archive from a request: sealed while it arrives, never in clear on disk or whole."""

from __future__ import annotations

import hashlib
import io
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from hemaqueue.common.errors import PlatformError
from hemaqueue.specimens import manifests, zips
from hemaqueue.specimens.archives import ArchiveWriter, archive_discard
from hemaqueue.specimens.models import Batch

ARCHIVE, MANIFEST = "file", "manifest"
ROOM_FOR_FIELDS = 1 << 20


class ArchiveBodyTooLarge(PlatformError):
    """An archive has at most 1 GiB. Send it in parts."""

    code = "archive_too_large"
    status = 413


class SealedArchive(UploadedFile):  # type: ignore[type-arg]
    """An archive that is stored; what can be read here is its SHA-256, for comparison only."""

    def __init__(self, writer: ArchiveWriter, *, digest: str, **facts: Any) -> None:
        super().__init__(file=io.BytesIO(digest.encode()), size=writer.size, **facts)
        self.archive = writer.archive
        self.kept = False

    def discard_unless_used(self) -> None:
        """Remove what was stored where neither a batch nor anything else came of it."""
        if not self.kept and not Batch.objects.filter(pk=self.archive).exists():
            archive_discard(self.archive)


class ArchiveHandler(FileUploadHandler):
    """Seals the field `file`, keeps a small `manifest` in memory, and drops everything else."""

    writer: ArchiveWriter | None = None
    taken = False

    def new_file(self, field_name: str, *args: Any, **more: Any) -> None:
        super().new_file(field_name, *args, **more)
        self.small = bytearray()
        if field_name == ARCHIVE and not self.taken:
            self.writer, self.taken = ArchiveWriter(uuid4()), True
            self.digest = hashlib.sha256()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.field_name == ARCHIVE and self.writer:
            if self.writer.size + len(raw_data) > zips.MOST_BYTES:
                self.upload_interrupted()
                raise StopUpload(connection_reset=True)
            self.digest.update(raw_data)
            self.writer.write(raw_data)
        elif self.field_name == MANIFEST and len(self.small) <= manifests.MOST_BYTES:
            self.small += raw_data

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        facts: dict[str, Any] = {"name": self.file_name, "content_type": self.content_type}
        if self.field_name == MANIFEST and self.small:
            return UploadedFile(io.BytesIO(bytes(self.small)), size=len(self.small), **facts)
        if self.field_name != ARCHIVE or self.writer is None:
            return None
        writer, self.writer = self.writer, None
        writer.close()
        return SealedArchive(writer, digest=self.digest.hexdigest(), **facts)

    def upload_interrupted(self) -> None:
        if self.writer:
            archive_discard(self.writer.archive)
            self.writer = None
