"""What is known of each file: a line of JSON each time, on the disk before anything depends on it.

A key is written before its file is sent: who is killed in between sends it again under the same
key, and the server answers as the first time.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

UNREADABLE = "file_unreadable"


class OtherSubmission(Exception):
    """The state file tells of another server."""


@dataclass
class Entry:
    """One file: how it looked, the key it is sent under, and the answer once there is one."""

    name: str
    size: int
    changed: int
    key: str
    status: int = 0
    image: str = ""
    code: str = ""
    detail: str = ""

    @property
    def is_answered(self) -> bool:
        return self.status != 0

    @property
    def is_refused(self) -> bool:
        return self.status >= 400

    @property
    def is_unreadable(self) -> bool:
        """Nobody refused it: it could not be read here, and may be later."""
        return self.code == UNREADABLE

    @property
    def is_duplicate(self) -> bool:
        return self.status == 200


@dataclass
class Journal:
    """The state file. One process writes it at a time, from several threads."""

    path: Path
    server: str
    entries: dict[str, Entry] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._file: IO[str] | None = None
        for line in self._lines():
            self._learn(line)
        if self.facts.get("server", self.server) != self.server:
            raise OtherSubmission(
                f"{self.path} belongs to {self.facts['server']}; choose another --state file"
            )
        if "server" not in self.facts:
            self.note(server=self.server)

    def note(self, **facts: Any) -> None:
        """Keep facts of the whole submission."""
        self._write(facts)

    def known(self, name: str, file: Path) -> Entry | None:
        """Return the entry of a file, if it has one and has not changed since."""
        found, entry = file.stat(), self.entries.get(name)
        same = entry and (entry.size, entry.changed) == (found.st_size, found.st_mtime_ns)
        return entry if same else None

    def planned(self, name: str, file: Path) -> Entry:
        """Return the entry of a file as it is now, with its key; a changed file is a new one."""
        if known := self.known(name, file):
            return known
        found = file.stat()
        return self._planned(name, size=found.st_size, changed=found.st_mtime_ns)

    def planned_anew(self, entry: Entry) -> Entry:
        """Return the entry of a file under another key."""
        return self._planned(entry.name, size=entry.size, changed=entry.changed)

    def answered(self, entry: Entry, *, status: int, answer: dict[str, Any]) -> None:
        """Keep what the server said of a file."""
        self._write(
            {
                "file": entry.name,
                "status": status,
                "image": str(answer.get("image_id") or ""),
                "code": str(answer.get("code") or ""),
                "detail": str(answer.get("detail") or ""),
            }
        )

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _planned(self, name: str, *, size: int, changed: int) -> Entry:
        key = secrets.token_hex(16)
        self._write({"file": name, "size": size, "changed": changed, "key": key})
        return self.entries[name]

    def _write(self, line: dict[str, Any]) -> None:
        with self._lock:
            if self._file is None:
                kept = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                self._file = os.fdopen(kept, "a", encoding="utf-8")
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            self._learn(line)

    def _lines(self) -> list[dict[str, Any]]:
        """Return the whole lines; one that was being written when its writer died is cut off."""
        if not self.path.exists():
            return []
        data = self.path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            os.truncate(self.path, len(whole))
        return [json.loads(line) for line in whole.splitlines()]

    def _learn(self, line: dict[str, Any]) -> None:
        said = dict(line)
        name = said.pop("file", None)
        if name is None:
            self.facts |= said
        elif "key" in said:
            self.entries[name] = Entry(name, **said)
        else:
            for key, value in said.items():
                setattr(self.entries[name], key, value)
