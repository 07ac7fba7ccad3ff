"""Compares the client's list with the database and the files. Whatever it counts must be zero."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from deploy.local.installation import CommandFailed
from deploy.local.paths import PYTHON, ROOT
from tests.chaos.sender import Acknowledged
from tests.chaos.system import System

IMAGES = """
SELECT i.sha256, i.id::text, i.key, j.state, j.error_code,
    (SELECT count(*) FROM predictions_prediction p WHERE p.image_id = i.id)
FROM specimens_smearimage i
LEFT JOIN jobs_job j ON j.subject = i.id AND j.work = 'inference.classify_smears'
WHERE i.withdrawn_at IS NULL
"""
LIVE = """
SELECT count(*) FROM jobs_job WHERE finished_at IS NULL AND work <> 'inference.prove_model'
"""
SUCCESSES = """
SELECT count(*) FROM (
    SELECT job_id FROM jobs_jobevent WHERE state = 'succeeded' GROUP BY job_id HAVING count(*) > 1
) twice
"""
OTHERS = """
SELECT count(*) FROM jobs_job
WHERE work <> 'inference.classify_smears' AND state IN ('failed', 'dead')
"""
TRIES = """
SELECT count(*), count(*) FILTER (WHERE attempt > 1), coalesce(max(attempt), 0),
    coalesce(sum(crashes), 0), coalesce(sum(unheard), 0)
FROM jobs_job
"""


@dataclass
class Verdict:
    """What is wrong, by kind, with examples; and what was seen besides."""

    lost: int = 0
    doubled: int = 0
    unfinished: int = 0
    unreadable: int = 0
    hash_unequal: int = 0
    wrong_state: int = 0
    good_dead: int = 0
    refused: int = 0
    audit_broken: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not any(value for name, value in asdict(self).items() if name != "examples")

    def count(self, kind: str, what: str) -> None:
        setattr(self, kind, getattr(self, kind) + 1)
        if len(self.examples) < 20:
            self.examples.append(f"{kind}: {what}")


def live(system: System) -> int:
    """Return how many jobs are not over."""
    return int(system.rows(LIVE)[0][0])


def judged(system: System, listed: Sequence[Acknowledged], refused: Sequence[str]) -> Verdict:
    """Compare everything; read-only."""
    verdict = Verdict()
    rows: dict[str, list[tuple[Any, ...]]] = {}
    for row in system.rows(IMAGES):
        rows.setdefault(row[0], []).append(row)
    hashes = _hashes(system, [row[2] for found in rows.values() for row in found])
    for one in listed:
        _judge(verdict, one, rows.get(one.sha256, []), hashes)
    for what in refused:
        verdict.count("refused", what)
    _judge_ledger(verdict, system)
    if "The chain holds." not in (said := _audit(system)):
        verdict.count("audit_broken", said)
    return verdict


def _judge(
    verdict: Verdict, one: Acknowledged, found: list[tuple[Any, ...]], hashes: dict[str, str]
) -> None:
    if not found:
        return verdict.count("lost", one.image)
    if len({row[1] for row in found}) > 1 or len(found) > 1 or found[0][5] > 1:
        verdict.count("doubled", one.image)
    _, image, key, state, code, predictions = found[0]
    if state is None or state in ("queued", "sent", "running"):
        verdict.count("unfinished", f"{image} is {state}")
    elif state != one.expected or (predictions != (state == "succeeded")):
        good = one.expected == "succeeded"
        kind = "good_dead" if good and state in ("dead", "failed") else "wrong_state"
        verdict.count(kind, f"{image} is {state} ({code}), not {one.expected}")
    said = hashes.get(key, "missing")
    if len(said) != 64:
        verdict.count("unreadable", f"{image}: {said}")
    elif said != one.sha256:
        verdict.count("hash_unequal", image)


def _judge_ledger(verdict: Verdict, system: System) -> None:
    """Judge jobs that nobody has on a list as well: what was not acknowledged, and reports."""
    if left := live(system) - verdict.unfinished:
        verdict.unfinished += left
    verdict.doubled += int(system.rows(SUCCESSES)[0][0])
    verdict.wrong_state += int(system.rows(OTHERS)[0][0])


def _hashes(system: System, keys: Sequence[str]) -> dict[str, str]:
    run = subprocess.run(
        [str(PYTHON), "-m", "tests.chaos.decrypting"],
        input=json.dumps(list(keys)), env=system.environment(), cwd=ROOT, text=True,
        stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    return dict(json.loads(run.stdout))


def _audit(system: System) -> str:
    try:
        return system.installation.manage("verify_audit")
    except CommandFailed as broken:
        return str(broken)


def tries(system: System) -> dict[str, int]:
    """Return how often work was repeated."""
    names = ("jobs", "tried_again", "most_attempts", "crashes", "unheard")
    return dict(zip(names, map(int, system.rows(TRIES)[0]), strict=True))


def codes(system: System) -> dict[str, int]:
    """Return the moves of jobs that were no plain step forward, by their code."""
    found = system.rows("SELECT code, count(*) FROM jobs_jobevent WHERE code <> '' GROUP BY code")
    return dict(Counter(dict(found)).most_common())
