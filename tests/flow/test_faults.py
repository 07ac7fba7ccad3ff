"""Two hundred images, and what may go wrong meanwhile: nothing is lost, nothing comes twice."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from redis import Redis

from tests.flow.processes import children_of
from tests.stack import Stack

pytestmark = [
    pytest.mark.chaos,
    # The client's threads end with their connections open, as a killed script's would.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

PER_CLASS = 50


def test_no_image_is_lost_or_doubled_by_a_kill_a_flush_and_a_restart(
    stack: Stack, smears: Callable[[int], Path]
) -> None:
    submission = stack.submit(smears(PER_CLASS))
    inference = stack.installation.supervisor.processes()["inference"]

    stack.watch(lambda: submission.done >= 20, seconds=120)
    os.kill(children_of(inference)[0], signal.SIGKILL)

    stack.watch(lambda: submission.done >= 50, seconds=120)
    with Redis.from_url(stack.installation.given["REDIS_URL"]) as redis:
        redis.flushall()

    stack.watch(lambda: submission.done >= 90, seconds=120)
    assert stack.installation.postgres is not None
    stack.installation.postgres.restart()

    stack.watch(lambda: submission.done >= 130, seconds=120)
    os.kill(inference, signal.SIGKILL)

    stack.watch(lambda: submission.is_over, seconds=240)

    assert [item.error for item in submission.items if item.error] == []
    assert len(submission.items) == 4 * PER_CLASS
    images = stack.rows("SELECT count(*), count(DISTINCT sha256) FROM specimens_smearimage")
    predictions = stack.rows(
        "SELECT count(*), count(DISTINCT image_id) FROM predictions_prediction"
    )
    states = stack.rows("SELECT state, count(*) FROM jobs_job GROUP BY state")
    assert images == [(4 * PER_CLASS, 4 * PER_CLASS)]
    assert predictions == [(4 * PER_CLASS, 4 * PER_CLASS)]
    assert states == [("succeeded", 4 * PER_CLASS)]


def test_the_audit_trail_holds_after_all_that(stack: Stack) -> None:
    stack.watch(
        lambda: (
            stack.rows(
                "SELECT count(*) FROM audit_auditevent e"
                " LEFT JOIN audit_auditseal s ON s.event_id = e.id"
                " WHERE s.position IS NULL AND e.at < now() - interval '2 s'"
            )
            == [(0,)]
        ),
        seconds=30,
    )
    assert "The chain holds." in stack.installation.manage("verify_audit")
