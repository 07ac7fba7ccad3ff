"""News outlives a Redis that is away for a while."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from jobcontract import celeryconfig
from jobcontract.messages import Outcome, Parcel, Ticket, Tidings
from jobcontract.names import News
from jobcontract.reporting import ReportingTask
from jobcontract.telling import news_of, tell, tell_surely

NEWS = Tidings(kind=News.PRESENT, worker="host.1")
PARCEL = Parcel(
    id="00000000-0000-0000-0000-000000000001",
    work="w",
    tickets=(Ticket(job="00000000-0000-0000-0000-000000000002", attempt=1),),
    bodies=({},),
    silence=0.08,
)


class Blinking(Celery):
    """A broker that refuses the first three messages, as kombu says it of a Redis away."""

    refused = sent = 0

    def send_task(self, *_: Any, **__: Any) -> Any:
        if self.refused < 3:
            self.refused += 1
            raise OperationalError("Connection refused")
        self.sent += 1


class Listening(Celery):
    """A broker that notes how urgent each message is; the lower, the sooner."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.priorities: list[int] = []

    def send_task(self, *_: Any, priority: int, **__: Any) -> Any:
        self.priorities.append(priority)


class Slow(ReportingTask):
    name = "slow"

    def run(self, parcel: Parcel) -> list[Outcome]:
        time.sleep(0.5)
        return []


def test_news_for_a_redis_that_is_not_there_is_given_up_without_an_error() -> None:
    nowhere = Celery("nowhere", broker="redis://127.0.0.1:1/0")
    nowhere.conf.update(celeryconfig.COMMON)
    assert tell_surely(nowhere, NEWS, patience=0) is False


def test_news_is_sent_when_redis_is_back() -> None:
    app = Blinking("blinking")
    assert tell_surely(app, NEWS, patience=30)
    assert (app.refused, app.sent) == (3, 1)


@pytest.mark.parametrize("urgent", [True, False])
def test_news_of_what_somebody_waits_for_is_heard_first(urgent: bool) -> None:
    app = Listening("listening")
    tell(app, news_of(replace(PARCEL, urgent=urgent), News.FINISHED))
    tell(app, Tidings(kind=News.PROBE))
    ahead, behind = app.priorities
    assert (ahead < behind) == urgent


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_the_beat_survives_an_absence_of_redis() -> None:
    app = Blinking("blinking")
    task = app.register_task(Slow())
    with task._beating(PARCEL):
        task.run(PARCEL)
    assert app.refused == 3
    assert app.sent >= 3
