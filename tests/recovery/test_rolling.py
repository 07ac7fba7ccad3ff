"""A release takes over from the one before it, with a migration, while uploads go on."""

from __future__ import annotations

import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.local import roles
from deploy.local.client import BROKEN, Client
from deploy.local.installation import Installation, manage
from deploy.local.ports import free_port
from deploy.local.supervisor import Supervisor
from tests.recovery.person import Person
from tests.recovery.traffic import going_on
from tests.stack import Stack, running_stack
from training_worker.synthetic import write_folder

pytestmark = [pytest.mark.chaos, pytest.mark.long, pytest.mark.timeout(900)]

NEXT = "tests.recovery.next.settings"
PAUSE = 0.2
LEFT = "SELECT count(*) FROM jobs_job WHERE finished_at IS NULL"
HANDS = "SELECT count(*) > 1 FROM jobs_workerpresence WHERE queues ? 'inference'"


@dataclass
class Traffic:
    """Uploads at a steady pace to the port that a proxy would choose; 503 is asked again."""

    stack: Stack
    smears: list[Path]
    port: int
    answers: Counter[str] = field(default_factory=Counter)
    images: list[str] = field(default_factory=list)

    def send(self, over: threading.Event) -> None:
        for smear in self.smears:
            while not self._accepted(smear):
                time.sleep(PAUSE)
            if over.wait(PAUSE):
                return

    def _accepted(self, smear: Path) -> bool:
        fields = {"accession": "ROLL-1", "image_kind": "synthetic"}
        with closing(Client(self.port, self.stack.people["token"])) as client:
            try:
                status, said = client.upload(smear, fields)
            except BROKEN as error:
                self.answers[type(error).__name__] += 1
                return False
        self.answers[str(status)] += 1
        if status == 202:
            self.images.append(said["image_id"])
        return status == 202


def roles_of_next(now: Installation, port: int) -> list[roles.Role]:
    return roles.platform_roles(given=now.given, settings=NEXT, port=port, processes=1)


def is_ready(port: int) -> bool:
    try:
        return Person(f"http://127.0.0.1:{port}").page("/readyz")[0] == 200
    except OSError:
        return False


def test_a_release_takes_over_with_a_migration_and_nobody_notices(tmp_path: Path) -> None:
    write_folder(tmp_path / "smears", per_class=400, seed=23, size=96)
    smears = [path for path in sorted((tmp_path / "smears").rglob("*")) if path.is_file()]
    later = Supervisor(logs=tmp_path / "logs-of-next")
    with running_stack(tmp_path / "one", silence_seconds=60) as stack:
        now, port = stack.installation, free_port()
        traffic = Traffic(stack, smears, now.port)
        try:
            with going_on(traffic.send):
                stack.watch(lambda: len(traffic.images) > 10, seconds=120)
                manage("migrate", "--no-input", given=now.given, settings=NEXT)
                before = len(traffic.images)
                stack.watch(lambda: len(traffic.images) > before + 10, seconds=120)
                for role in roles_of_next(now, port):
                    later.start(role)
                stack.watch(lambda: is_ready(port) and stack.rows(HANDS) == [(True,)], seconds=240)
                traffic.port = port
                now.supervisor.stop()
                before = len(traffic.images)
                stack.watch(lambda: len(traffic.images) > before + 10, seconds=120)
            stack.watch(lambda: stack.rows(LEFT) == [(0,)], seconds=240)
        finally:
            later.stop()
        assert set(traffic.answers) <= {"202", "503"}, traffic.answers
        done = (
            "SELECT count(*) FROM jobs_job WHERE subject = ANY(%s::uuid[]) AND state = 'succeeded'"
        )
        assert stack.rows(done, traffic.images) == [(len(traffic.images),)]
        burnt = "SELECT count(*) FROM jobs_job WHERE crashes > 0 OR errors > 0 OR unheard > 0"
        assert stack.rows(burnt) == [(0,)]
        assert stack.rows("SELECT count(*) FROM jobs_job WHERE next_note <> ''") == [(0,)]
