"""What a backup says of itself: `manifest.json`, written last and signed, so that half is none.

DIR/database.sealed     the dump, encrypted with the installation's key
DIR/files/…             the encrypted files, as they lie in the store
DIR/sums.txt            SHA-256, size and key of each file, a line for each
DIR/manifest.json       what there must be; signed
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

FORMAT = 1
DUMP, FILES, SUMS, MANIFEST = "database.sealed", "files", "sums.txt", "manifest.json"
CHUNK = 1 << 20


class BackupRefused(Exception):
    """A backup cannot be made there, or is not whole; the message says what to do."""


@dataclass(frozen=True)
class Manifest:
    """`migrations` is the newest of each app; `missing` counts files that rows name in vain."""

    made_at: str
    version: str
    postgres: str
    migrations: dict[str, str]
    storage_key: str
    dump_bytes: int
    dump_sha256: str
    files: int
    files_bytes: int
    sums_sha256: str
    images: int
    audit_sealed: int
    missing: int
    format: int = FORMAT


def fingerprint(key: str) -> str:
    """Return what tells keys apart and says nothing of them."""
    return hashlib.sha256(b"hemaqueue backup\0" + key.encode()).hexdigest()[:16]


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(folder: Path, manifest: Manifest) -> None:
    """Sign and write the manifest: from now on the backup is one."""
    from jobcontract import signing

    letter = signing.sign(asdict(manifest), salt=signing.Salt.BACKUP)
    text = json.dumps({"manifest": asdict(manifest), "signed": letter}, indent=1)
    temporary = folder / f"{MANIFEST}.part"
    with temporary.open("w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(folder / MANIFEST)


def read(folder: Path) -> Manifest:
    """Return the manifest that this installation's keys signed.

    Raises:
        BackupRefused: there is none, it is another installation's, or of a later release.
    """
    from jobcontract import signing

    try:
        letter = json.loads((folder / MANIFEST).read_text())["signed"]
    except FileNotFoundError as error:
        raise BackupRefused(
            f"{folder} has no {MANIFEST}: the backup was not finished, or this is none"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise BackupRefused(f"{folder / MANIFEST} cannot be read") from error
    try:
        values = signing.verify(letter, salt=signing.Salt.BACKUP)
    except signing.ForgedMessage as error:
        raise BackupRefused("the manifest was not signed with these keys") from error
    if values.get("format") != FORMAT:
        raise BackupRefused(f"the backup has format {values.get('format')}; this reads {FORMAT}")
    return Manifest(**values)
