"""The ledger under every order of events that Hypothesis can think of, on the real database."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hemaqueue.accounts.models import User
from hemaqueue.jobs.asking import job_cancel, job_retry
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.refusals import JobNotRetryable
from hemaqueue.jobs.services import MAX_ERRORS, UNHEARD_BEFORE_QUARANTINE
from hemaqueue.jobs.states import FINAL, RETRYABLE, JobState, Lane
from tests.hemaqueue.jobs.world import TRANSIENT, Kind, Row, World, events, rows

CRASH_CODES = ("worker_lost", "silent")
ROUNDS = 3 + MAX_ERRORS + 4
MOST_JOBS = 12
some = st.integers(0, 50)
#: In which order the start, the beat and the end of a try are told; some of it not, or twice.
orders = st.sampled_from([(2, 2), (0, 2, 0), (0, 2), (2, 0), (1, 0, 2), (0,), (1,), (2,)])


class LedgerMachine(RuleBasedStateMachine):
    """Each run is a transaction that is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.run = transaction.atomic()
        self.run.__enter__()
        self.tessa, _ = User.objects.get_or_create(username="tessa")
        self.world = World()
        self.ended: dict[UUID, Row] = {}
        self.attempts: Counter[UUID] = Counter()
        self.asked_again: Counter[UUID] = Counter()

    def one_of(self, things: Any, pick: int) -> Any:
        """Return one of the things; small numbers pick the latest."""
        things = list(things)
        return things[-1 - pick % len(things)]

    @initialize()
    def one_of_each(self) -> None:
        for kind in Kind:
            self.world.submit(kind, urgent=False)
        self.world.send(slots=len(Kind), largest=1)

    @precondition(lambda self: len(self.world.kinds) < MOST_JOBS)
    @rule(kind=st.sampled_from(Kind), urgent=st.booleans(), neighbours=st.integers(0, 3))
    def submit(self, kind: Kind, urgent: bool, neighbours: int) -> None:
        self.world.submit(kind, urgent=urgent)
        for _ in range(neighbours):
            self.world.submit(Kind.GOOD, urgent=urgent)

    @rule(slots=st.integers(1, 3), largest=st.integers(1, 4))
    def send(self, slots: int, largest: int) -> None:
        self.world.send(slots=slots, largest=largest)

    @precondition(lambda self: self.world.parcels)
    @rule(pick=some, killed=st.booleans())
    def work(self, pick: int, killed: bool) -> None:
        self.world.work(self.one_of(self.world.parcels, pick), killed=killed)

    @precondition(lambda self: self.world.parcels)
    @rule(pick=some, killed=st.booleans(), order=orders)
    def work_and_tell(self, pick: int, killed: bool, order: tuple[int, ...]) -> None:
        letters = self.world.work(self.one_of(self.world.parcels, pick), killed=killed)
        for at in order:
            self.world.deliver(letters[at])

    @precondition(lambda self: self.world.parcels)
    @rule(pick=some, told=st.booleans())
    def give_back(self, pick: int, told: bool) -> None:
        self.world.give_back(self.one_of(self.world.parcels, pick))
        if told:
            self.world.deliver(self.world.letters[-1])

    @precondition(lambda self: self.world.letters)
    @rule(pick=some, times=st.integers(1, 2))
    def deliver(self, pick: int, times: int) -> None:
        for _ in range(times):
            self.world.deliver(self.one_of(self.world.letters, pick))

    @precondition(lambda self: self.world.parcels)
    @rule(pick=some)
    def lose(self, pick: int) -> None:
        self.world.lose(self.one_of(self.world.parcels, pick))

    @precondition(lambda self: self.world.parcels)
    @rule(pick=some, column=st.sampled_from(["heard_at", "deadline_at"]))
    def silence(self, pick: int, column: str) -> None:
        self.world.silence(self.one_of(self.world.parcels, pick), column=column)

    @rule()
    def wait(self) -> None:
        self.world.wait()

    @precondition(lambda self: self.world.kinds)
    @rule(pick=some)
    def cancel(self, pick: int) -> None:
        job = Job.objects.get(pk=self.one_of(self.world.kinds, pick))
        was_over = job.state in FINAL
        job_cancel(job, by=self.tessa)
        if not was_over:
            self.world.called_off.add(job.pk)

    @precondition(lambda self: self.world.kinds)
    @rule(pick=some, sensibly=st.booleans(), echo=st.booleans())
    def ask_again(self, pick: int, sensibly: bool, echo: bool) -> None:
        failed = [pk for pk, row in self.ended.items() if row["state"] in RETRYABLE]
        job = Job.objects.get(pk=self.one_of((sensibly and failed) or self.world.kinds, pick))
        if job.state not in RETRYABLE:
            self._refused(job)
            return
        job_retry(job, by=self.tessa)
        self.asked_again[job.pk] = job.attempt
        old, self.world.last[job.pk] = self.world.last[job.pk], None
        del self.ended[job.pk]
        for letter in self.world.letters if echo else ():
            if letter.parcel == old:
                self.world.deliver(letter)

    def _refused(self, job: Job) -> None:
        try:
            with transaction.atomic():
                job_retry(job, by=self.tessa)
        except JobNotRetryable:
            return
        raise AssertionError(f"{job} was tried again")

    @invariant()
    def the_ledger_is_sound(self) -> None:
        found = rows()
        assert set(found) == set(self.world.kinds), "a job came from nowhere or is gone"
        moves = events()
        for pk, row in found.items():
            self._check_end(pk, row)
            self._check_tries(pk, row, moves[pk])

    def _check_end(self, pk: UUID, row: Row) -> None:
        assert row["state"] in JobState.values
        assert (row["state"] in FINAL) == (row["finished_at"] is not None)
        if row["state"] in FINAL:
            assert self.ended.setdefault(pk, row) == row, "an end was changed"
        assert pk not in self.ended or row["state"] in FINAL, "an end was taken back"
        assert self.world.results[pk] == (row["state"] == JobState.SUCCEEDED)
        if pk in self.world.called_off:
            assert row["state"] != JobState.SUCCEEDED, "called off, and recorded"
        elif row["state"] in FINAL and pk in self.asked_again:
            assert row["attempt"] > self.asked_again[pk], "asked for again, and ended untried"

    def _check_tries(self, pk: UUID, row: Row, moves: list[Row]) -> None:
        assert row["attempt"] >= self.attempts[pk], "the attempt fell"
        self.attempts[pk] = row["attempt"]
        sent = [one for one in moves if one["state"] == JobState.SENT]
        assert row["attempt"] == len(sent), "each sending is one attempt, and nothing else is"
        faults = [one for one in moves if one["code"] in (*CRASH_CODES, TRANSIENT)]
        assert max(Counter(one["attempt"] for one in faults).values(), default=0) <= 1
        counted = self._crashes_counted(pk, faults)
        assert counted <= self.world.broken_off, "a crash that never was"
        assert len(counted & self.world.in_company) <= 1, "punished twice for a neighbour"
        if pk not in self.world.called_off:
            assert row["crashes"] == len(counted), "a crash was not counted, or twice"
        assert (row["state"] == JobState.DEAD) == (row["crashes"] >= row["max_crashes"])
        apart = row["crashes"] >= row["max_crashes"] - 1
        assert not apart or row["lane"] == Lane.QUARANTINE
        unheard = row["unheard"] >= UNHEARD_BEFORE_QUARANTINE
        assert apart or unheard or row["lane"] == Lane.NORMAL, "set apart too early"

    def _crashes_counted(self, pk: UUID, faults: list[Row]) -> set[tuple[UUID, int]]:
        """Return the tries since a person last asked that the ledger holds for crashes."""
        since = self.asked_again[pk]
        crashes = [one for one in faults if one["code"] in CRASH_CODES]
        return {(pk, one["attempt"]) for one in crashes if one["attempt"] > since}

    def teardown(self) -> None:
        try:
            self._drive_to_the_end()
        finally:
            transaction.set_rollback(True)
            self.run.__exit__(None, None, None)

    def _drive_to_the_end(self) -> None:
        """From here on nothing goes wrong but what the jobs themselves do: each must end."""
        for _ in range(ROUNDS):
            if not Job.objects.filter(finished_at=None).exists():
                break
            self._one_round()
            self.the_ledger_is_sound()
        for pk, row in rows().items():
            self._check_outcome(pk, row)

    def _one_round(self) -> None:
        self.world.lose(*self.world.parcels)
        self.world.silence(*self.world.parcels)
        self.world.wait()
        known = set(self.world.parcels)
        self.world.send(slots=MOST_JOBS, largest=4)
        for parcel in set(self.world.parcels) - known:
            for letter in self.world.work(parcel):
                self.world.apply(letter)

    def _check_outcome(self, pk: UUID, row: Row) -> None:
        ends = {
            Kind.GOOD: JobState.SUCCEEDED,
            Kind.CORRUPT: JobState.FAILED,
            Kind.FLAKY: JobState.FAILED,
            Kind.POISON: JobState.DEAD,
        }
        allowed = {ends[self.world.kinds[pk]], JobState.DEAD}
        if pk in self.world.called_off:
            allowed.add(JobState.CANCELLED)
        assert row["state"] in allowed, "a job did not come to its end"
