"""A task that does one parcel of jobs, and tells the platform how each of them went.

    verify ─▶ taken? ─▶ news: started ─▶ run() ─▶ news: finished    (beats from started on)

A forged letter is dropped, and so is a parcel that was taken before. `crashed` is told by the
worker's main process, when a child died or ran out of time: of the jobs that it had in hand, where
that is known. The others of its parcel are given back.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from contextlib import AbstractContextManager
from typing import Any

from celery import Celery, Task
from celery.exceptions import TimeLimitExceeded, WorkerLostError
from celery.signals import task_failure
from redis import Redis, RedisError

from jobcontract import signing
from jobcontract.environment import secret
from jobcontract.messages import MalformedMessage, Outcome, Parcel, Ticket, Tidings
from jobcontract.names import News
from jobcontract.processes import beside
from jobcontract.telling import news_of, tell, tell_surely

logger = logging.getLogger(__name__)

FINISHED_PATIENCE = 120.0
TAKEN_SECONDS = 24 * 3600
STOP_SECONDS = 24 * 3600
STOP_LOOKED_FOR_SECONDS = 1.0


class WorkFailed(Exception):
    """The work cannot be done.

    `code` is stable, the message is a sentence for people; a `transient` fault is tried again.
    """

    def __init__(self, code: str, detail: str, *, transient: bool = False) -> None:
        super().__init__(detail)
        self.code, self.detail, self.transient = code, detail, transient


class ReportingTask(Task):  # type: ignore[type-arg]
    """Base of every task that works for the platform; `run` takes a Parcel, returns Outcomes.

    `run` may call `progress(parcel, values)` where the work has steps worth showing.
    """

    abstract = True

    def __call__(self, *, letter: str) -> None:
        try:
            parcel = Parcel.from_json(signing.verify(letter, salt=signing.Salt.WORK))
        except (signing.ForgedMessage, MalformedMessage):
            logger.warning("A letter for %s was not ours and is dropped", self.name)
            return
        if taken_before(parcel.id):
            logger.info("Parcel %s was taken before", parcel.id)
            return
        self._work(parcel)

    def _work(self, parcel: Parcel) -> None:
        self._tell(parcel, News.STARTED, patience=FINISHED_PATIENCE)
        with self._beating(parcel):
            outcomes = tuple(self._outcomes(parcel))
            self._tell(parcel, News.FINISHED, patience=FINISHED_PATIENCE, outcomes=outcomes)

    def _outcomes(self, parcel: Parcel) -> list[Outcome]:
        try:
            return list(self.run(parcel))
        except WorkFailed as failure:
            return all_failed(parcel, failure)
        except Exception as error:
            logger.exception("Parcel %s failed", parcel.id)
            said = f"The worker met an error that nobody foresaw: {type(error).__name__}."
            return all_failed(parcel, WorkFailed("worker_error", said, transient=True))

    def progress(self, parcel: Parcel, values: dict[str, Any]) -> None:
        self._tell(parcel, News.PROGRESS, patience=0, progress=values)

    def suspects(self, parcel: Parcel) -> tuple[Ticket, ...]:
        """Return over which jobs a child died, where the main process knows that, else none."""
        return ()

    def _tell(self, parcel: Parcel, news: News, *, patience: float, **more: Any) -> None:
        tell_surely(self.app, news_of(parcel, news, **more), patience=patience)

    def _beating(self, parcel: Parcel) -> AbstractContextManager[None]:
        """Send a sign of life four times within the platform's limit of silence."""

        def beat(over: threading.Event) -> None:
            while not over.wait(parcel.silence / 4):
                self._tell(parcel, News.PROGRESS, patience=0)

        return beside(beat, patience=5)


def all_failed(parcel: Parcel, failure: WorkFailed) -> list[Outcome]:
    return [
        Outcome(
            job=ticket.job,
            attempt=ticket.attempt,
            ok=False,
            code=failure.code,
            detail=failure.detail,
            transient=failure.transient,
        )
        for ticket in parcel.tickets
    ]


def taken_before(parcel_id: str) -> bool:
    """Say whether a worker took this parcel already; when Redis errs, nobody did.

    Saves work only: what is recorded is guarded by the ledger's fence.
    """
    try:
        client = _redis(os.getpid())
        return not client.set(taken_key(parcel_id), "1", nx=True, ex=TAKEN_SECONDS)
    except RedisError:
        return False


class StopWatch:
    """Looks once a second, at most, whether a parcel was called off. Call it as often as fits."""

    def __init__(self, parcel_id: str) -> None:
        self.key, self.looked_at = stop_key(parcel_id), 0.0

    def __call__(self) -> None:
        """Raise WorkFailed where the platform does not want the parcel's result any more."""
        now = time.monotonic()
        if now - self.looked_at < STOP_LOOKED_FOR_SECONDS:
            return
        self.looked_at = now
        try:
            stopped = bool(_redis(os.getpid()).exists(self.key))
        except RedisError:
            return  # the ledger still does not record what comes of it
        if stopped:
            raise WorkFailed("cancelled", "It was called off.")


def stop_key(parcel_id: str) -> str:
    return f"stop:{parcel_id}"


def taken_key(parcel_id: str) -> str:
    return f"taken:{parcel_id}"


_clients: dict[int, Redis] = {}


def _redis(process: int) -> Redis:
    """Return this process's client; a connection must not be shared over a fork."""
    if process not in _clients:
        _clients.clear()
        _clients[process] = Redis.from_url(secret("REDIS_URL"), socket_timeout=2)
    return _clients[process]


@task_failure.connect
def tell_of_crash(sender: Any, exception: Any, kwargs: dict[str, Any], **_: Any) -> None:
    """Runs in the worker's main process: a child was killed, or its time was up."""
    if not isinstance(sender, ReportingTask):
        return
    if not isinstance(exception, WorkerLostError | TimeLimitExceeded):
        return
    try:
        parcel = Parcel.from_json(signing.verify(kwargs["letter"], salt=signing.Salt.WORK))
    except (signing.ForgedMessage, MalformedMessage):
        return
    code = "time_limit" if isinstance(exception, TimeLimitExceeded) else "worker_lost"
    suspects = sender.suspects(parcel) or parcel.tickets
    others = tuple(one for one in parcel.tickets if one not in suspects)
    news = [news_of(parcel, News.CRASHED, tickets=suspects, code=code)]
    if others:
        news.append(news_of(parcel, News.RELEASED, tickets=others))
    threading.Thread(target=_tell_quietly, args=(sender.app, news), daemon=True).start()


def _tell_quietly(app: Celery, news: list[Tidings]) -> None:
    """Silence finds the same jobs later, should Redis be away just now."""
    try:
        for tidings in news:
            tell(app, tidings)
    except Exception as error:  # the consumer loop must go on, whatever the broker raises
        logger.warning("A crash could not be told: %s", type(error).__name__)
