"""A hospital at work through the interface: smears sent, read, signed; versions trained."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks._bench import Running
from benchmarks._lots import as_zip
from benchmarks._person import Answer, Person
from training_worker.samples import Sample

API = "/api/v1"
CLASSES = ("benign", "early_pre_b", "pre_b", "pro_b")
TRAINED_SECONDS = 3600
CARD = {
    "summary": "A version of a benchmark, made from what simulated clinicians signed.",
    "intended_use": "None: it measures the feedback loop and serves no patient.",
    "warnings": "Its labels hold errors on purpose.",
    "known_failures": "Those of a small network that learned for minutes.",
}


class Unexpected(Exception):
    """The system answered otherwise than a hospital at work may expect."""


def expected(answer: Answer, *statuses: int) -> dict[str, Any]:
    """Return the body of an answer whose status is one of those.

    Raises:
        Unexpected: it is another.
    """
    status, body = answer
    if status not in statuses:
        raise Unexpected(f"{status} instead of {statuses}: {body}")
    return body


@dataclass
class Clinic:
    """One running system with its people. `truth` is the class of each image, by its id."""

    system: Running
    kind: str
    people: dict[str, str]
    truth: dict[str, str] = field(default_factory=dict)
    obstacle: str = field(default="", init=False)

    def __post_init__(self) -> None:
        url = self.system.installation.url
        self.clara, self.adam = (Person(url, one, self.people[one]) for one in ("clara", "adam"))

    def freeze(self, samples: Sequence[Sample]) -> dict[str, Any]:
        """Import what judges as a data set, and keep all of it as the frozen test set."""
        mark = secrets.token_hex(8)
        fields = {"name": "Test set", "image_kind": self.kind}
        said = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="test.zip"\r\n'
            "Content-Type: application/zip\r\n\r\n"
        )
        body = "".join([*said, head]).encode() + as_zip(samples) + f"\r\n--{mark}--\r\n".encode()
        kind = f"multipart/form-data; boundary={mark}"
        made = expected(self.adam.send(f"{API}/datasets/", body, kind=kind), 201)
        expected(self.adam.post(f"{made['url']}import/", {}), 202)
        self.system.wait(self.system.is_drained, seconds=TRAINED_SECONDS)
        wish = {"image_kind": self.kind, "confirmed": False, "datasets": [made["id"]]}
        wish |= {"percent": 100, "reason": "What the loop is measured on"}
        return expected(self.adam.post(f"{API}/test-sets/", wish), 201)

    def send(self, cases: Sequence[Sequence[Sample]]) -> None:
        """Send the smears of each case in their order, and wait for the results.

        A copy of what is here already is linked to it (200).
        """
        for number, samples in enumerate(cases):
            fields = {"image_kind": self.kind, "accession": f"L-{number:04}"}
            for sample in samples:
                answer = expected(self.system.client.upload(sample.path, fields), 200, 202)
                self.truth[answer["image_id"]] = sample.label
        self.system.wait(self.system.is_drained, seconds=TRAINED_SECONDS)

    def waiting(self, order: str) -> list[str]:
        """Return the cases to be read, in an order of the worklist."""
        return [str(row["case"]) for row in self._rows(f"{API}/worklist/?lane=all&order={order}")]

    def _rows(self, address: str) -> Iterator[dict[str, Any]]:
        while address:
            page = expected(self.clara.get(address), 200)
            yield from page["results"]
            address = page["next"]

    def read(self, case: str, *, errors: float, chance: random.Random) -> tuple[int, int]:
        """Confirm or correct each image of a case and sign it; return (images, wrong labels)."""
        images = expected(self.clara.get(f"{API}/cases/{case}/"), 200)["images"]
        wrong = sum(self._decide(str(one["id"]), errors=errors, chance=chance) for one in images)
        found = expected(self.clara.get(f"{API}/cases/{case}/"), 200)
        said = {"meaning": "approved", "password": self.clara.password, "stamp": found["stamp"]}
        expected(self.clara.post(f"{API}/cases/{case}/sign/", said), 201)
        return len(images), wrong

    def _decide(self, image: str, *, errors: float, chance: random.Random) -> bool:
        """Say what an image shows, by a share of errors something else; say whether it was."""
        found = expected(self.clara.get(f"{API}/images/{image}/"), 200)
        true = self.truth[image]
        errs = chance.random() < errors
        label = chance.choice([one for one in CLASSES if one != true]) if errs else true
        said = {"choice": "label", "label": label, "stamp": found["stamp"]}
        if found["prediction"]["label"] != label:
            said |= {"reason": "morphology", "note": "Seen otherwise."}
        expected(self.clara.post(f"{API}/images/{image}/decisions/", said), 201)
        return errs

    def trained(self, *, epochs: int, seed: int) -> dict[str, Any]:
        """Have the serving version go on learning from all that is confirmed; return the run.

        Where too little is confirmed there is none, {}, and `obstacle` says what lacks.
        """
        order = {"image_kind": self.kind, "epochs": epochs, "seed": seed}
        status, run = self.adam.post(f"{API}/training/runs/", order)
        if run.get("code") == "too_few_labels":
            self.obstacle = str(run.get("detail", ""))
            return {}
        expected((status, run), 202)
        deadline = time.monotonic() + TRAINED_SECONDS
        while not run["final"] or not self.system.is_drained():
            if time.monotonic() > deadline:
                raise Unexpected(f"a run still goes on after {TRAINED_SECONDS} s")
            self.system.installation.supervisor.watch()
            time.sleep(1)
            run = expected(self.adam.get(run["url"]), 200)
        if run["state"] != "succeeded" or not run["candidate"]:
            raise Unexpected(f"a run came to nothing: {run['error']} {run['fault']}")
        return run

    def promoted(self, run: dict[str, Any], *, override: str) -> str:
        """Write the candidate's card and let it serve; return "gates", "override" or "refused"."""
        address = f"{API}/models/{run['candidate']}"
        expected(self.adam.post(f"{address}/card/", CARD), 201)
        said = {"reason": "It learned from what was signed"}
        status, body = self.adam.post(f"{address}/promote/", said)
        if status == 200:
            return "gates"
        expected((status, body), 409)
        if not override:
            return "refused"
        expected(self.adam.post(f"{address}/promote/", said | {"override": override}), 200)
        return "override"
