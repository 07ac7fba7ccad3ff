"""Watches a scanner's folder: what has stopped growing is sent, and moved out of the way.

FOLDER/a.tif  ──▶  FOLDER/sent/a.tif  or  FOLDER/refused/a.tif, with a line in refused.csv
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.submit.files import files_of
from deploy.local.submit.journal import Entry
from deploy.local.submit.sending import Sending, Unreachable
from deploy.local.submit.told import write_refused

SENT, REFUSED = "sent", "refused"
MOST_FILES = 2_000
Look = tuple[int, int]


@dataclass
class Watching:
    """One folder and where its files go. What it knows survives in the journal."""

    folder: Path
    sending: Sending
    pause: float = 5.0
    tell: Callable[[str], None] = print
    _looks: dict[str, Look] = field(default_factory=dict)

    def run(self) -> None:
        """Send what arrives, until stopped. While the server is away, files wait where they are."""
        while True:
            try:
                self.look()
            except Unreachable as error:
                self.tell(f"the server is away, trying again: {error}")
            except FileNotFoundError:
                self.tell("a file went away meanwhile, looking again")
            time.sleep(self.pause)

    def look(self) -> int:
        """Send the files that have not changed since the last look; return how many went."""
        found = files_of(self.folder, without=(SENT, REFUSED))
        looks = {name: _look(file) for name, file in found.items() if file.exists()}
        still = {name: found[name] for name, look in looks.items() if look == self._known(name)}
        self._looks = looks
        if not still:
            return 0
        self._batch_of_today()
        entries = self.sending.send(still, tell=lambda _: None)
        for entry in entries:
            self._move(entry)
        self.tell(f"{len(entries)} files sent, {sum(one.is_refused for one in entries)} refused")
        return len(entries)

    def _known(self, name: str) -> Look | None:
        """Return how a file looked before: at the last look, or when it was planned."""
        entry = self.sending.journal.entries.get(name)
        return self._looks.get(name) or ((entry.size, entry.changed) if entry else None)

    def _batch_of_today(self) -> None:
        """Open a batch for each day, and another one when it is full."""
        journal, today = self.sending.journal, time.strftime("%Y-%m-%d")
        sent = len(journal.entries) - int(journal.facts.get("before", 0))
        if journal.facts.get("day") != today or sent >= MOST_FILES:
            key = f"watch-{time.time_ns()}"
            journal.note(day=today, before=len(journal.entries), batch="", batch_key=key)
        self.sending.batch_open(name=f"{self.folder.name} {today}", expected=0)

    def _move(self, entry: Entry) -> None:
        if entry.is_unreadable:
            return
        target = self.folder / (REFUSED if entry.is_refused else SENT) / entry.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            target = target.with_name(f"{target.stem}-{entry.changed}{target.suffix}")
        file = self.folder / entry.name
        if file.exists():
            file.rename(target)
        if entry.is_refused:
            entries = self.sending.journal.entries.values()
            write_refused(self.folder / "refused.csv", [one for one in entries if one.is_refused])


def _look(file: Path) -> Look:
    found = file.stat()
    return found.st_size, found.st_mtime_ns
