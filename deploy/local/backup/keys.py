"""The keys of an installation: never in a backup, always needed to open one."""

from __future__ import annotations

import json
import os
from pathlib import Path

from deploy.local.backup.manifest import BackupRefused

NAMES = (
    "HEMAQUEUE_SECRET_KEY",
    "HEMAQUEUE_MESSAGE_KEY",
    "HEMAQUEUE_STORAGE_KEY",
    "HEMAQUEUE_WORKER_KEY",
)
Keys = dict[str, str]


def keys_used(data: Path) -> Keys:
    """Return the keys of the environment, or of the data folder, and let this process use them."""
    return _used(_of_environment() or _of_file(data / "secrets" / "keys.json"))


def keys_given(path: Path) -> Keys:
    """Return the keys of a file that was kept apart, and let this process use them."""
    return _used(_of_file(path))


def given_url() -> str:
    """Return the database that the environment names, or nothing."""
    return os.environ.get("DATABASE_URL") or _text(os.environ.get("DATABASE_URL_FILE"))


def _used(keys: Keys) -> Keys:
    os.environ.update(keys)
    return keys


def _of_environment() -> Keys:
    files = {name: os.environ.get(f"{name}_FILE") for name in NAMES}
    found = {name: os.environ.get(name) or _text(files[name]) for name in NAMES}
    return {name: value for name, value in found.items() if value} if all(found.values()) else {}


def _text(path: str | None) -> str:
    return Path(path).read_text().strip() if path else ""


def _of_file(path: Path) -> Keys:
    try:
        keys = dict(json.loads(path.read_text()))
    except FileNotFoundError as error:
        raise BackupRefused(f"the keys are not in {path}") from error
    except ValueError as error:
        raise BackupRefused(f"{path} holds no keys") from error
    if missing := [name for name in NAMES if not keys.get(name)]:
        raise BackupRefused(f"{path} has no {missing[0]}")
    return keys
