"""What a submission came to: exit status, JSON, a table of what was refused."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Any

from deploy.local.submit.journal import Entry

FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Exit(IntEnum):
    """What `./hemaqueue submit` ends with; 128 + n after a signal."""

    DONE = 0
    TROUBLE = 1
    USAGE = 2
    REFUSED = 3  # some files are no images for the server, the others are there
    FAILED = 4  # all are there, but the work on some failed
    KEPT_OUT = 5  # the token is wrong, ended, or not for this
    UNFINISHED = 6  # the server was away too long: go on with --resume
    MANIFEST = 7  # the manifest and the files do not fit: nothing was sent


@dataclass
class Outcome:
    """The files of a submission, and the batch's counts where they were waited for."""

    entries: Sequence[Entry]
    server: str
    batch: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def refused(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_refused]

    @property
    def exit(self) -> Exit:
        if any(not entry.is_answered for entry in self.entries):
            return Exit.UNFINISHED
        if self.counts.get("failed", 0) or self.counts.get("cancelled", 0):
            return Exit.FAILED
        return Exit.REFUSED if self.refused else Exit.DONE

    def as_json(self) -> dict[str, Any]:
        return {
            "server": self.server,
            "batch": self.batch,
            "files": len(self.entries),
            "sent": sum(entry.is_answered and not entry.is_refused for entry in self.entries),
            "duplicates": sum(entry.is_duplicate for entry in self.entries),
            "refused": [
                {"file": entry.name, "code": entry.code, "detail": entry.detail}
                for entry in self.refused
            ],
            "counts": self.counts,
            "seconds": round(self.seconds, 1),
            "exit": int(self.exit),
        }

    def sentence(self) -> str:
        said = self.as_json()
        words = f"{said['sent']} of {said['files']} files are there"
        if said["duplicates"]:
            words += f", {said['duplicates']} of them from before"
        if self.refused:
            words += f"; {len(self.refused)} were refused"
        if self.counts:
            words += f"; {self.counts['done']} have a result, {self.counts['failed']} failed"
        return words


def write_refused(path: Path, entries: Iterable[Entry]) -> None:
    """Write what was refused as CSV; no cell can be read as a formula."""
    with path.open("w", newline="", encoding="utf-8", errors="backslashreplace") as file:
        table = csv.writer(file)
        table.writerow(("filename", "code", "detail"))
        for entry in entries:
            table.writerow([_inert(one) for one in (entry.name, entry.code, entry.detail)])


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
