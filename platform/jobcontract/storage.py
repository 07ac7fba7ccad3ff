"""Files by key below one folder. What must not be read on disk is sealed first (sealing.py).

A key is a relative path of plain parts, `images/3f/3f2a….hqf`. A write is whole or not at
all: temporary file, fsync, rename, fsync of the folder. Five functions, so that an object
store can stand behind them.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from jobcontract.environment import data_folder

NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL
KEY = re.compile(r"[a-z0-9][a-z0-9_.-]*(/[a-z0-9][a-z0-9_.-]*)*")


class KeyRefused(ValueError):
    """A key must be a relative path of lower-case letters, digits, '_', '-' and '.'."""


class FileMissing(Exception):
    """No file is stored under this key."""


def _root() -> Path:
    return data_folder() / "files"


def _path(key: str) -> Path:
    if not KEY.fullmatch(key) or ".." in key:
        raise KeyRefused(f"Received: {key[:80]!r}")
    return _root() / key


def write(key: str, data: bytes) -> None:
    """Store `data` durably under `key`; readers see the old file or the new one, whole."""
    write_all({key: data})


def write_all(files: Mapping[str, bytes]) -> None:
    """Store several files durably, each whole; of a folder that they share once for all."""
    paths = {_path(key): data for key, data in files.items()}
    written: dict[Path, Path] = {}
    try:
        for path, data in paths.items():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            written[path] = path.with_name(f"{path.name}.{secrets.token_hex(6)}.part")
            _write_new(written[path], data)
        for path, temporary in written.items():
            temporary.rename(path)
    except BaseException:
        for temporary in written.values():
            temporary.unlink(missing_ok=True)
        raise
    for folder in {path.parent for path in paths}:
        _sync_folder(folder)


def _write_new(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, NEW_FILE, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(key: str) -> bytes:
    """Return the stored bytes.

    Raises:
        FileMissing: nothing is stored under `key`.
    """
    try:
        return _path(key).read_bytes()
    except FileNotFoundError as error:
        raise FileMissing(key) from error


def exists(key: str) -> bool:
    return _path(key).is_file()


def remove(key: str) -> None:
    _path(key).unlink(missing_ok=True)


def keys(prefix: str) -> Iterator[str]:
    """Yield the keys below the folder `prefix`, without half-written files."""
    for path in sorted(_path(prefix).rglob("*")):
        if path.is_file() and path.suffix != ".part":
            yield path.relative_to(_root()).as_posix()


def keys_older(prefix: str, *, seconds: float) -> Iterator[str]:
    """Yield the keys below the folder `prefix` that were written at least `seconds` ago.

    The disk's own clock judges: file times and the present come from the same machine.
    Half-written files of that age are nobody's and are removed on the way.
    """
    limit = time.time() - seconds
    for path in _path(prefix).rglob("*"):
        if path.is_file() and path.stat().st_mtime <= limit:
            if path.suffix == ".part":
                path.unlink(missing_ok=True)
            else:
                yield path.relative_to(_root()).as_posix()


def free_bytes() -> int:
    """Return what the disk of the store can still take."""
    root = _root()
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = os.statvfs(root)
    return found.f_bavail * found.f_frsize
