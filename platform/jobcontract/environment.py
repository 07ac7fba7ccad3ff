"""Settings that both sides read from the environment. Each secret may stand in a file."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path


class SettingMissing(Exception):
    """A setting that has no safe default is not set."""


@cache
def secret(name: str) -> str:
    """Return the value of `name`, or the content of the file that `name`_FILE names."""
    if value := os.environ.get(name):
        return value
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    raise SettingMissing(f"Set {name}, or {name}_FILE to the path of a file that holds it.")


def data_folder() -> Path:
    """Return the folder below which all files of this installation lie."""
    if value := os.environ.get("HEMAQUEUE_DATA"):
        return Path(value)
    raise SettingMissing("Set HEMAQUEUE_DATA to the folder for this installation's files.")
