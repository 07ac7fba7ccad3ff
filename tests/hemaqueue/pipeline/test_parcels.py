"""How waiting jobs are spread over parcels."""

from __future__ import annotations

import uuid

from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import Lane
from hemaqueue.pipeline.parcels import grouped, parcel_of, time_limit
from jobcontract.names import Work


def jobs(n: int, **values: object) -> list[Job]:
    plain = {"work": Work.CLASSIFY_SMEARS, "shared_key": "m1", "payload": {}} | values
    return [Job(**plain) for _ in range(n)]


def sizes(waiting: list[Job], *, slots: int, largest: int = 16, smallest: int = 1) -> list[int]:
    groups = grouped(waiting, slots=slots, largest=largest, smallest=smallest)
    return [len(group) for group in groups]


def test_a_single_job_is_sent_at_once() -> None:
    assert sizes(jobs(1), slots=8) == [1]


def test_a_backlog_fills_the_parcels() -> None:
    assert sizes(jobs(500), slots=4) == [16, 16, 16, 16]


def test_a_few_jobs_are_spread_over_the_free_processes() -> None:
    assert sizes(jobs(8), slots=4) == [2, 2, 2, 2]


def test_a_parcel_of_a_bulk_is_not_made_smaller_than_is_worth_its_news() -> None:
    assert sizes(jobs(9), slots=8, smallest=8) == [9]
    assert sizes(jobs(20), slots=8, smallest=8) == [10, 10]
    assert sizes(jobs(80), slots=8, smallest=8) == [10] * 8
    assert sizes(jobs(8), slots=4, largest=4, smallest=8) == [4, 4]


def test_another_model_is_another_parcel() -> None:
    assert sizes(jobs(3) + jobs(3, shared_key="m2"), slots=2) == [3, 3]


def test_a_job_that_crashed_a_worker_travels_alone() -> None:
    assert sizes(jobs(2, crashes=1) + jobs(4), slots=4) == [1, 1, 2, 2]
    assert sizes(jobs(3, lane=Lane.QUARANTINE), slots=2) == [1, 1]


def test_a_job_that_failed_twice_travels_alone() -> None:
    assert sizes(jobs(2, errors=2) + jobs(4, errors=1), slots=4) == [1, 1, 2, 2]


def test_a_parcel_has_the_same_content_however_often_it_is_made() -> None:
    members = jobs(5)
    number = uuid.uuid4()
    first = parcel_of(members, id=number, silence=60)
    again = parcel_of(list(reversed(members)), id=number, silence=60)
    assert first == again


def test_every_kind_of_work_has_a_time_limit_that_grows_with_the_parcel() -> None:
    for work in Work:
        assert time_limit(work, size=2) >= time_limit(work, size=1) > 0
