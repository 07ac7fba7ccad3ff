"""What scripts do besides reading a page: send smears, wait for results, look into the ledger."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.local.client import Client
from tests.stack import Stack
from training_worker.synthetic import write_folder

RESULT_SECONDS = 120


@dataclass
class Hospital:
    """The running system, as a script sees it."""

    stack: Stack
    smears: Path
    numbers: Iterator[int]
    client: Client = field(init=False)
    _drawn: dict[str, list[Path]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = self.stack.client

    @property
    def url(self) -> str:
        return self.stack.installation.url

    def password_of(self, name: str) -> str:
        logins = {one["username"]: one["password"] for one in self.stack.people["logins"]}
        return str(logins[name])

    def person(self, name: str, *, role: str, site: str) -> None:
        """Add somebody who can sign in with `password_of`."""
        manage = self.stack.installation.manage
        said = manage("create_user", name, "--site", site, "--role", role)
        password = said.strip().splitlines()[-1].rpartition(" ")[2]
        self.stack.people["logins"].append({"username": name, "password": password})

    def accession(self) -> str:
        return f"AC-{next(self.numbers):04d}"

    def draw(self, label: str, count: int) -> list[Path]:
        """Return smears of a class that no script had before."""
        ready = self._drawn.setdefault(label, [])
        while len(ready) < count:
            seed = 1000 + next(self.numbers)
            folder = self.smears / str(seed)
            write_folder(folder, per_class=max(6, count), seed=seed, size=224)
            for part in sorted(path for path in folder.iterdir() if path.is_dir()):
                self._drawn.setdefault(part.name, []).extend(sorted(part.iterdir()))
        taken, self._drawn[label] = ready[:count], ready[count:]
        return taken

    def send(self, files: Sequence[Path], *, accession: str, **fields: str) -> list[str]:
        """Send files as Tessa's script does; return the ids of the images in their order."""
        given = {"accession": accession, "image_kind": "synthetic"} | fields
        answers = [self.client.upload(file, given) for file in files]
        assert {status for status, _ in answers} == {202}, answers
        return [str(answer["image_id"]) for _, answer in answers]

    def case(self, *labels: str, **fields: str) -> tuple[str, list[str]]:
        """Send one smear of each class named, as one case, and wait for the results."""
        files = [self.draw(label, 1)[0] for label in labels]
        images = self.send(files, accession=self.accession(), **fields)
        self.wait_for(images)
        return self.case_of(images[0]), images

    def case_of(self, image: str) -> str:
        [(case,)] = self.rows("SELECT case_id::text FROM specimens_smearimage WHERE id = %s", image)
        return str(case)

    def predictions(self, images: Sequence[str]) -> dict[str, str]:
        """Return what the model suggested for each image that has a result."""
        found = self.rows(
            "SELECT image_id::text, label FROM predictions_prediction"
            " WHERE image_id = ANY(%s::uuid[])",
            list(images),
        )
        return {str(image): str(label) for image, label in found}

    def wait_for(self, images: Sequence[str], *, seconds: float = RESULT_SECONDS) -> None:
        self.wait_until(lambda: len(self.predictions(images)) == len(images), seconds=seconds)

    def wait_until(self, holds: Callable[[], bool], *, seconds: float = RESULT_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"still waiting after {seconds} s"
            time.sleep(0.1)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self.stack.rows(query, *values)
