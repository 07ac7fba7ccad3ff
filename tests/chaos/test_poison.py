"""Pictures that crash their worker are given up; their neighbours are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hemaqueue.jobs.services import BACK_OFF_SECONDS, MAX_ERRORS
from tests.chaos import telling
from tests.chaos.plan import Plan
from tests.chaos.run import run
from tests.chaos.trial import trial

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.long,
    pytest.mark.timeout(1800),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

#: For each job that failed, the seconds from a fault to the next try.
PAUSES = """
SELECT array_agg(extract(epoch FROM next - at)::float ORDER BY id) FROM (
    SELECT id, job_id, at, code, lead(at) OVER (PARTITION BY job_id ORDER BY id) AS next
    FROM jobs_jobevent
) moves
WHERE code = 'worker_error' AND next IS NOT NULL GROUP BY job_id
"""


def test_twenty_of_a_thousand_are_dead_and_no_other(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    plan = Plan(
        images=1000, poison=20, faults=4, only=("nothing",), training=False, slow=0,
        silence=60, patience=1200,
    )  # fmt: skip
    outcome = run(plan, tmp_path / "system")
    assert outcome.is_sound, json.dumps(telling.facts(outcome), indent=1)
    assert sum(one.expected == "dead" for one in outcome.acknowledged) == 20


def test_what_raises_fails_alone_after_longer_and_longer_pauses(tmp_path: Path) -> None:
    plan = Plan(images=100, poison=2, poisons=("exception",), training=False, slow=0)
    with trial(plan, tmp_path) as one:
        one.send(plan.images)
        assert one.settle(patience=2 * sum(BACK_OFF_SECONDS))
        verdict = one.judged()
        assert verdict.is_sound, verdict
        pauses = [row[0] for row in one.system.rows(PAUSES)]
    assert sum(len(each) == MAX_ERRORS for each in pauses) == plan.poison
    for each in pauses:
        shortest = BACK_OFF_SECONDS[: len(each)]
        assert all(seen > wanted - 0.5 for seen, wanted in zip(each, shortest, strict=True))
