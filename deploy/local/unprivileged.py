"""PostgreSQL refuses to run as root: then it runs as `nobody`, in folders that nobody can enter."""

from __future__ import annotations

import hashlib
import os
import pwd
from pathlib import Path

STATE = Path("/var/lib/hemaqueue")
SERVER_USER: str | None = "nobody" if os.geteuid() == 0 else None


def reachable_folder(folder: Path) -> Path:
    """`folder`, or its substitute below /var/lib where `nobody` may not enter its parents.

    No parent's permissions are changed: a project below /root keeps /root closed.
    """
    if SERVER_USER is None or all(_is_open(parent) for parent in folder.resolve().parents):
        return folder
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    substitute = STATE / f"{folder.name}-{name}"
    substitute.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    return substitute


def hand_over(*paths: Path) -> None:
    """Give files to the user that the server runs as."""
    if SERVER_USER is None:
        return
    entry = pwd.getpwnam(SERVER_USER)
    for path in paths:
        os.chown(path, entry.pw_uid, entry.pw_gid)


def _is_open(folder: Path) -> bool:
    return not folder.exists() or bool(folder.stat().st_mode & 0o001)
