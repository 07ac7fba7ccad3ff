"""Numbers about work, from jobs whose times are known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import JobState
from hemaqueue.jobs.statistics import failures_since, jobs_done_by_hour, jobs_done_since
from tests import factories

pytestmark = pytest.mark.django_db


def ended(state: str, *, hours: float, **more: str) -> None:
    when = timezone.now() - timedelta(hours=hours)
    made = factories.job(about=factories.image(), state=state, **more)
    Job.objects.filter(pk=made.pk).update(finished_at=when)


def test_every_hour_has_its_count_and_empty_ones_are_there() -> None:
    for hours in (0, 0, 2):
        ended(JobState.SUCCEEDED, hours=hours)
    ended(JobState.FAILED, hours=0)
    counts = list(jobs_done_by_hour(hours=24).values())
    assert (len(counts), sum(counts)) == (24, 3)
    assert counts[-1] + counts[-2] >= 2
    assert jobs_done_since(timezone.now() - timedelta(hours=1)) == 2


def test_failures_are_counted_by_their_code_and_only_what_one_may_see() -> None:
    for code in ("silent", "worker_lost", "worker_lost"):
        ended(JobState.FAILED, hours=0.01, error_code=code)
    ended(JobState.DEAD, hours=30, error_code="worker_lost")
    when = timezone.now() - timedelta(hours=1)
    found = failures_since(factories.adam(), when=when)
    assert [(one.code, one.count) for one in found] == [("worker_lost", 2), ("silent", 1)]
    assert failures_since(factories.otto(), when=when) == []
