"""The whole system as processes, for the tests of the flow: its own servers, its own folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from deploy.local.client import Client
from deploy.local.installation import Installation
from deploy.local.submission import Submission, items_of
from training_worker.synthetic import write_folder

SILENCE_SECONDS = "5"
READY_SECONDS = 120


@dataclass
class Stack:
    """A running installation and what its clients need."""

    installation: Installation
    people: dict[str, Any]

    @property
    def client(self) -> Client:
        return Client(self.installation.port, self.people["token"])

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        database = closing(psycopg2.connect(self.installation.given["DATABASE_URL"]))
        with database as connection, connection.cursor() as cursor:
            cursor.execute(query)
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


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, no_servers_given: None) -> Iterator[Stack]:
    installation = Installation(
        tmp_path_factory.mktemp("stack"),
        throwaway=True,
        processes=2,
        extra={"HEMAQUEUE_SILENCE_SECONDS": SILENCE_SECONDS},
    )
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


@pytest.fixture(scope="module")
def no_servers_given() -> Iterator[None]:
    """The servers of the other tests are in the environment; this system starts its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        patch.delenv("REDIS_URL", raising=False)
        yield


@pytest.fixture(scope="session")
def smears(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Draw a folder of synthetic smears, `per_class` of each class."""

    def draw(per_class: int) -> Path:
        folder = tmp_path_factory.mktemp("smears")
        write_folder(folder, per_class=per_class, seed=per_class, size=224)
        return folder

    return draw
