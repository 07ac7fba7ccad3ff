"""The world around the ledger, as the state machine plays it: workers, parcels, news, faults.

A parcel is lost, late, or worked on; its news arrives late, twice, in any order, or never.
What really happened is kept here, so that what the ledger says can be judged.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from hemaqueue.jobs import services
from hemaqueue.jobs.classes import JobClass
from hemaqueue.jobs.models import URGENT, Job
from hemaqueue.jobs.states import JobState
from hemaqueue.pipeline import dispatcher, parcels, reaper
from jobcontract.messages import Outcome, Ticket
from jobcontract.names import News
from tests.hemaqueue.jobs.ledger import a_job

TRANSIENT, PERMANENT = "storage_away", "corrupt_image"
#: Ids count upwards: random ones would break ties otherwise each time that a run is repeated.
PARCELS = 1 << 64
EVERY_JOB = """
SELECT id, state, attempt, message, errors, crashes, lane, cancel_requested, error_code, unheard,
    started_at, deadline_at, finished_at, max_crashes
FROM jobs_job
"""
EVERY_MOVE = "SELECT job_id, state, attempt, code FROM jobs_jobevent ORDER BY id"
Row = dict[str, Any]


class Kind(StrEnum):
    """What a job does to its worker."""

    GOOD = "good"
    CORRUPT = "corrupt"
    FLAKY = "flaky"
    POISON = "poison"


@dataclass(frozen=True)
class Letter:
    """One piece of news that a worker sent; it may be delivered any number of times."""

    kind: News
    parcel: str
    tickets: tuple[Ticket, ...]
    outcomes: tuple[Outcome, ...] = ()


@dataclass
class World:
    """Everything outside the database, and the truth about it."""

    kinds: dict[uuid.UUID, Kind] = field(default_factory=dict)
    parcels: dict[str, tuple[Ticket, ...]] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    #: The parcel whose news counts for a job; None after a person asked again.
    last: dict[uuid.UUID, str | None] = field(default_factory=dict)
    #: Tries that a worker really died over, or that were silent for too long.
    broken_off: set[tuple[uuid.UUID, int]] = field(default_factory=set)
    in_company: set[tuple[uuid.UUID, int]] = field(default_factory=set)
    results: Counter[uuid.UUID] = field(default_factory=Counter)
    called_off: set[uuid.UUID] = field(default_factory=set)

    def submit(self, kind: Kind, *, urgent: bool) -> None:
        job = a_job(id=uuid.UUID(int=len(self.kinds)), priority=URGENT if urgent else 0)
        self.kinds[job.pk], self.last[job.pk] = kind, None

    def send(self, *, slots: int, largest: int) -> None:
        """Send what is due as the dispatcher does."""
        for line in dispatcher._waiting_classes():
            self._send_class(line, slots=slots, largest=largest)

    def _send_class(self, line: JobClass, *, slots: int, largest: int) -> None:
        for group in parcels.grouped(dispatcher._due(line, slots), slots=slots, largest=largest):
            parcel = uuid.UUID(int=PARCELS + len(self.parcels))
            if any(job.crashes for job in group):
                assert len(group) == 1, "what crashed a worker travels alone"
            services.jobs_send(group, parcel=parcel, time_limit=60)
            services.jobs_published([parcel])
            tickets = tuple(Ticket(job=str(job.pk), attempt=job.attempt) for job in group)
            self.parcels[str(parcel)] = tickets
            self.last |= {job.pk: str(parcel) for job in group}
            if len(group) > 1:
                self.in_company |= _tries(tickets)

    def work(self, parcel: str, *, killed: bool = False) -> list[Letter]:
        """Let a worker do a parcel. Poison kills it; so does somebody who pulls the plug."""
        tickets = self.parcels[parcel]
        kinds = {ticket.job: self.kinds[uuid.UUID(ticket.job)] for ticket in tickets}
        if killed or Kind.POISON in kinds.values():
            self.broken_off |= _tries(tickets)
            end = Letter(News.CRASHED, parcel, tickets)
        else:
            outcomes = tuple(_outcome(ticket, kinds[ticket.job], parcel) for ticket in tickets)
            end = Letter(News.FINISHED, parcel, tickets, outcomes)
        begun = [Letter(kind, parcel, tickets) for kind in (News.STARTED, News.PROGRESS)]
        self.letters += [*begun, end]
        return [*begun, end]

    def give_back(self, parcel: str) -> None:
        """Let a worker end in order: it gives its parcel back, and may tell of it late."""
        self.letters.append(Letter(News.RELEASED, parcel, self.parcels[parcel]))

    def deliver(self, letter: Letter) -> None:
        """Give news to the ledger; of any parcel but a job's last it must change nothing."""
        before = rows()
        self.apply(letter)
        after = rows()
        for pk, row in before.items():
            if self.last[pk] != letter.parcel:
                assert after[pk] == row, "news of an old parcel changed a job"

    def apply(self, letter: Letter) -> None:
        match letter.kind:
            case News.STARTED:
                services.jobs_started(letter.parcel, letter.tickets)
            case News.PROGRESS:
                services.jobs_progressed(letter.parcel, letter.tickets, progress={"done": 1})
            case News.RELEASED:
                services.jobs_released(letter.parcel, letter.tickets)
            case News.CRASHED:
                services.jobs_crashed(letter.parcel, letter.tickets, code="worker_lost")
            case News.FINISHED:
                for job, outcome in services.jobs_finished(letter.parcel, letter.outcomes):
                    assert outcome.body == {"parcel": self.last[job.pk]}
                    self.results[job.pk] += 1

    def lose(self, *parcels: str) -> None:
        """Let the evidence that parcels are lost stand for longer than the grace."""
        past = Now() - 2 * reaper.grace_apart()
        sent = Job.objects.filter(message__in=parcels, state=JobState.SENT)
        sent.update(missing_since=past, heard_at=past)
        reaper._requeue_missing()

    def silence(self, *parcels: str, column: str = "heard_at") -> None:
        """Let nothing be heard of running parcels for longer than the limit."""
        running = Job.objects.filter(message__in=parcels, state=JobState.RUNNING)
        running.update(**{column: Now() - 2 * reaper.silence()})
        self.broken_off |= {(job.pk, job.attempt) for job in running}
        reaper._reap_silent()

    def wait(self) -> None:
        """Let every back-off be over."""
        Job.objects.filter(state=JobState.QUEUED).update(available_at=Now())


def rows() -> dict[uuid.UUID, Row]:
    """Return every row of the ledger as it stands; times of hearing are left out."""
    return {row["id"]: row for row in _read(EVERY_JOB)}


def events() -> dict[uuid.UUID, list[Row]]:
    """Return the moves of every job."""
    found: dict[uuid.UUID, list[Row]] = {}
    for row in _read(EVERY_MOVE):
        found.setdefault(row["job_id"], []).append(row)
    return found


def _read(query: str) -> list[Row]:
    """Ask PostgreSQL without the models in between: this is done after every step."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _tries(tickets: tuple[Ticket, ...]) -> set[tuple[uuid.UUID, int]]:
    return {(uuid.UUID(ticket.job), ticket.attempt) for ticket in tickets}


def _outcome(ticket: Ticket, kind: Kind, parcel: str) -> Outcome:
    if kind is Kind.GOOD:
        return Outcome(job=ticket.job, attempt=ticket.attempt, ok=True, body={"parcel": parcel})
    flaky = kind is Kind.FLAKY
    code = TRANSIENT if flaky else PERMANENT
    return Outcome(
        job=ticket.job, attempt=ticket.attempt, ok=False, code=code, detail="No.", transient=flaky
    )
