"""The files of a folder that are meant: everything but what programs leave there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from deploy.local.submission import SUFFIXES

STATE = ".hemaqueue-submit.jsonl"


def files_of(folder: Path, *, every: bool = False, without: Sequence[str] = ()) -> dict[str, Path]:
    """Return the images below `folder` by their path in it; with `every`, whatever their name.

    What is hidden is never sent, nor what lies in the folders of `without`.
    """
    found = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
    return {
        name: path
        for name, path in found.items()
        if (every or path.suffix.lower() in SUFFIXES)
        and not any(part.startswith(".") for part in name.split("/"))
        and name.split("/")[0] not in without
    }
