"""The drill: a signed report, a backup while uploads go on, a new system made of it elsewhere."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.local import environment
from deploy.local.client import Client
from deploy.local.installation import Installation
from deploy.local.paths import ROOT
from tests.recovery.person import Person
from tests.recovery.traffic import going_on
from tests.stack import Stack
from training_worker.synthetic import write_folder

NOT_OURS = ("DATABASE_URL", "REDIS_URL", "HEMAQUEUE_DATA", "DJANGO_SETTINGS_MODULE")


def run(module: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command of the launcher's as the launcher does, with none of the tests' servers."""
    kept = {name: value for name, value in os.environ.items() if not _is_ours(name)}
    return subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT, env=kept | environment.base(), check=False, capture_output=True, text=True,
    )  # fmt: skip


def _is_ours(name: str) -> bool:
    return name in NOT_OURS or (name.startswith("HEMAQUEUE_") and name.endswith("_KEY"))


@dataclass
class Signed:
    """A case that Clara signed."""

    case: str
    report: str
    pdf: bytes


def sign_a_case(stack: Stack, folder: Path) -> Signed:
    """Send a smear, decide about it, sign its case; return the report when its file is there."""
    write_folder(folder, per_class=1, seed=4711, size=224)
    smear = next(path for path in sorted(folder.rglob("*")) if path.is_file())
    fields = {"accession": "DRILL-1", "image_kind": "synthetic"}
    with closing(stack.client) as client:
        status, sent = client.upload(smear, fields)
        assert status == 202, sent
        job = f"/api/v1/jobs/{sent['job_id']}/"
        stack.watch(lambda: client.get(job)[1]["state"] == "succeeded", seconds=180)
    clara = enter(stack, "clara")
    image = clara.ask(f"/api/v1/images/{sent['image_id']}/")
    decision = {"label": image["prediction"]["label"], "stamp": image["stamp"]}
    clara.ask(f"/api/v1/images/{sent['image_id']}/decisions/", decision)
    [(case,)] = stack.rows("SELECT case_id FROM specimens_smearimage WHERE id = %s", image["id"])
    stamp = clara.ask(f"/api/v1/cases/{case}/")["stamp"]
    signature = {"meaning": "approved", "password": password(stack, "clara"), "stamp": stamp}
    clara.ask(f"/api/v1/cases/{case}/sign/", signature)
    ready = "SELECT id FROM reports_report WHERE case_id = %s AND key <> '' AND status = 'final'"
    stack.watch(lambda: bool(stack.rows(ready, case)), seconds=180)
    report = str(stack.rows(ready, case)[0][0])
    return Signed(str(case), report, clara.page(f"/reports/{report}/")[1])


def password(stack: Stack, name: str) -> str:
    return str({one["username"]: one["password"] for one in stack.people["logins"]}[name])


def enter(stack: Stack, name: str) -> Person:
    person = Person(stack.installation.url)
    person.enter(name, password(stack, name))
    return person


@dataclass
class Uploads:
    """Sends smears until told to stop, and keeps what was acknowledged, and when."""

    stack: Stack
    smears: list[Path]
    acknowledged: list[tuple[float, str, str]] = field(default_factory=list)

    def send(self, over: threading.Event) -> None:
        fields = {"accession": "DRILL-2", "image_kind": "synthetic"}
        with closing(self.stack.client) as client:
            for smear in self.smears:
                if over.is_set():
                    return
                self._send_one(client, smear, fields)

    def _send_one(self, client: Client, smear: Path, fields: dict[str, str]) -> None:
        status, said = client.upload(smear, fields)
        assert status == 202, said
        sha256 = hashlib.sha256(smear.read_bytes()).hexdigest()
        self.acknowledged.append((time.time(), said["image_id"], sha256))
        time.sleep(0.05)

    def before(self, moment: float) -> dict[str, str]:
        return {image: sha256 for at, image, sha256 in self.acknowledged if at < moment}


@dataclass
class Drill:
    """What was there before, what was made of it, and how long that took."""

    one: Stack
    folder: Path
    signed: Signed
    uploads: Uploads
    began: float = 0.0
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def backup(self) -> Path:
        return self.folder / "backup"

    @property
    def keys(self) -> Path:
        return self.folder / "kept-apart" / "keys.json"

    def back_up(self) -> None:
        """Back up while uploads go on, and put the keys aside."""
        with going_on(self.uploads.send):
            self.one.watch(lambda: len(self.uploads.acknowledged) > 5, seconds=60)
            self.began = time.time()
            done = run("deploy.local.backup", self.backup, "--data", self.one.installation.data)
        assert done.returncode == 0, done.stderr
        self.figures["backup_s"] = round(time.time() - self.began, 1)
        self.keys.parent.mkdir()
        shutil.copy(self.one.installation.data / "secrets" / "keys.json", self.keys)

    def restore(self, data: Path) -> subprocess.CompletedProcess[str]:
        wanted = ("--data", data, "--keys", self.keys)
        return run("deploy.local.backup.restoring", self.backup, *wanted)

    @contextmanager
    def running(self, data: Path) -> Iterator[Stack]:
        """Start what was restored, on ports of its own, with the people of before."""
        two = Installation(data, throwaway=True, processes=1)
        try:
            two.start_servers()
            two.migrate()
            two.start_processes()
            stack = Stack(two, self.one.people)
            stack.watch(two.answers, seconds=180)
            yield stack
        finally:
            two.stop()
