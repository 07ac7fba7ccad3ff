"""Sends files into a batch: three in flight, each again under its own key until it is answered."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from deploy.local.client import BROKEN, Client, FileUnreadable
from deploy.local.submit.journal import UNREADABLE, Entry, Journal

IN_FLIGHT = 3
TRANSIENT = {408, 429, 500, 502, 503, 504, 507}
KEPT_OUT = {401, 403}
LONGEST_PAUSE = 30.0
PATIENCE = 900.0
BATCHES = "/api/v1/batches/"


class KeptOut(Exception):
    """The server does not let this token send; the message says why."""


class Unreachable(Exception):
    """The server was not reached for too long. What was sent is kept: go on with --resume."""


@dataclass
class Sending:
    """One submission: the files of a folder by name, and what is said of each beyond the usual."""

    client: Client
    journal: Journal
    usual: Mapping[str, str]
    said: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    patience: float = PATIENCE
    _stopped: threading.Event = field(default_factory=threading.Event)

    def batch_open(self, *, name: str, expected: int) -> str:
        """Return the submission's batch, opened once under one key."""
        if batch := self.journal.facts.get("batch"):
            return str(batch)
        if "batch_key" not in self.journal.facts:
            self.journal.note(batch_key=f"batch-{time.time_ns()}")
        site = {"site": self.usual["site"]} if "site" in self.usual else {}
        values = {"name": name, "expected": str(expected)} | site
        key = str(self.journal.facts["batch_key"])
        status, answer = self.asked(lambda: self.client.post(BATCHES, values, key=key))
        if status not in (200, 201):
            raise KeptOut(f"no batch could be opened: {answer.get('detail', status)}")
        self.journal.note(batch=answer["id"])
        return str(answer["id"])

    def send(self, files: Mapping[str, Path], *, tell: Callable[[int], None]) -> Sequence[Entry]:
        """Send what has no answer yet; returns the entries of all.

        Raises:
            KeptOut, Unreachable: the rest waits for another try.
        """
        waiting = [name for name, file in files.items() if not self._is_answered(name, file)]
        try:
            with ThreadPoolExecutor(IN_FLIGHT) as pool, self._stopping():
                sent = pool.map(lambda name: self._send(name, files[name]), waiting)
                for done, _ in enumerate(sent, start=len(files) - len(waiting) + 1):
                    tell(done)
        finally:
            self._stopped.clear()  # who watches tries again
        return [self.journal.entries[name] for name in files]

    @contextmanager
    def _stopping(self) -> Iterator[None]:
        """In the end, however it comes, nobody waits for another try."""
        try:
            yield
        finally:
            self._stopped.set()

    def _is_answered(self, name: str, file: Path) -> bool:
        known = self.journal.known(name, file)
        return known is not None and known.is_answered and not known.is_unreadable

    def asked(self, ask: Callable[[], tuple[int, dict[str, Any]]]) -> tuple[int, dict[str, Any]]:
        """Ask until there is an answer that is not about this moment."""
        deadline, pause = time.monotonic() + self.patience, 0.5
        while not self._stopped.is_set():
            try:
                status, answer = ask()
            except FileUnreadable as error:
                return 410, {"code": UNREADABLE, "detail": str(error)}
            except BROKEN as error:
                status, answer = 503, {"detail": type(error).__name__}
            if status in KEPT_OUT:
                raise KeptOut(str(answer.get("detail", status)))
            if status not in TRANSIENT:
                return status, answer
            if time.monotonic() > deadline:
                raise Unreachable(f"{self.client.url}: {status} {answer.get('detail', '')}")
            self._stopped.wait(min(max(pause, answer.get("retry_after", 0)), LONGEST_PAUSE))
            pause = min(pause * 2, LONGEST_PAUSE)
        raise Unreachable("stopped")

    def _send(self, name: str, file: Path) -> None:
        entry = self.journal.planned(name, file)
        batch = {"batch": str(self.journal.facts["batch"])}
        fields = {**self.usual, **self.said.get(entry.name, {}), **batch}
        for _ in range(2):
            ask = partial(self.client.upload, file, fields, key=entry.key)
            status, answer = self.asked(ask)
            if answer.get("code") != "idempotency_conflict":
                break
            entry = self.journal.planned_anew(entry)  # it changed while it was being sent
        self.journal.answered(entry, status=status, answer=answer)
