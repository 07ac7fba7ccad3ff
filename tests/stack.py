"""The whole system as processes on its own servers: what tests of the flow and of people use."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from deploy.local.client import Client
from deploy.local.installation import Installation
from deploy.local.submission import Submission, items_of

READY_SECONDS = 120


@dataclass
class Stack:
    """A running installation and what its clients need."""

    installation: Installation
    people: dict[str, Any]

    @property
    def client(self) -> Client:
        return Client(self.installation.port, self.people["token"])

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        database = closing(psycopg2.connect(self.installation.given["DATABASE_URL"]))
        with database as connection, connection.cursor() as cursor:
            cursor.execute(query, values or None)
            return cursor.fetchall()

    def submit(self, folder: Path) -> Submission:
        submission = Submission(self.client, items_of(folder), image_kind="synthetic", name="Flow")
        submission.start()
        return submission

    def watch(self, until: Callable[[], bool], *, seconds: float) -> None:
        """Keep the processes running until something holds."""
        deadline = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < deadline, f"still waiting after {seconds} s"
            self.installation.supervisor.watch()
            time.sleep(0.05)


@contextmanager
def running_stack(folder: Path, *, silence_seconds: int) -> Iterator[Stack]:
    """Start everything below `folder`, wait until it answers, and stop it in the end."""
    temporary = folder / "tmp"
    temporary.mkdir(parents=True)
    extra = {"HEMAQUEUE_SILENCE_SECONDS": str(silence_seconds), "TMPDIR": str(temporary)}
    installation = Installation(folder, throwaway=True, processes=2, extra=extra)
    try:
        installation.start_servers()
        installation.start_processes(only=lambda name: name == "inference")
        installation.migrate()
        people = installation.demo_setup()
        installation.start_processes()
        running = Stack(installation, people)
        running.watch(installation.answers, seconds=READY_SECONDS)
        yield running
    finally:
        installation.stop()
