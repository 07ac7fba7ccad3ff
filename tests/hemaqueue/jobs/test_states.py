"""The transition table and what is said about it."""

from __future__ import annotations

import pytest

from hemaqueue.jobs.states import FINAL, LIVE, NEXT, RETRYABLE, JobState


def test_every_state_is_in_the_table_and_is_live_or_final() -> None:
    assert set(NEXT) == set(JobState)
    assert set(JobState) == LIVE | FINAL
    assert not LIVE & FINAL


@pytest.mark.parametrize("state", sorted(FINAL))
def test_only_failed_work_leaves_its_end(state: JobState) -> None:
    assert NEXT[state] == ({JobState.QUEUED} if state in RETRYABLE else set())


@pytest.mark.parametrize("state", sorted(LIVE))
def test_every_end_can_be_reached_from_live_states(state: JobState) -> None:
    assert NEXT[state] >= FINAL
