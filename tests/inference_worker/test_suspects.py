"""What a child had in hand is known after its death, and the others of its parcel go free."""

from __future__ import annotations

import os
from typing import Any

import pytest
from celery.exceptions import WorkerLostError

from inference_worker.suspects import MOST, Hold, held
from inference_worker.tasks import TRIES_IN_COMPANY, classify_smears, explain_prediction
from jobcontract import reporting, signing
from jobcontract.messages import Parcel, Ticket, Tidings
from jobcontract.names import News, Work


def dies_with(parcel: str, positions: list[int], *, size: int) -> None:
    """Have a child die that holds these pictures of a parcel."""
    child = os.fork()
    if not child:
        with Hold(parcel, size=size)(positions):
            os._exit(9)
    os.waitpid(child, 0)


def parcel(name: str, *, attempts: tuple[int, ...] = (1, 1, 1, 1)) -> Parcel:
    tickets = tuple(Ticket(f"job{at}", attempt) for at, attempt in enumerate(attempts))
    return Parcel(
        id=name,
        work=Work.CLASSIFY_SMEARS,
        tickets=tickets,
        bodies=tuple({} for _ in tickets),
        shared={},
    )


def told(monkeypatch: pytest.MonkeyPatch, task: Any, lost: Parcel) -> dict[str, list[str]]:
    """Return what the main process says of a parcel whose child died."""
    said: list[Tidings] = []

    class AtOnce:
        def __init__(self, *, target: Any, args: Any, **_: Any) -> None:
            self.start = lambda: target(*args)

    monkeypatch.setattr(reporting, "tell", lambda _, tidings: said.append(tidings))
    monkeypatch.setattr("jobcontract.reporting.threading.Thread", AtOnce)
    letter = signing.sign(lost.to_json(), salt=signing.Salt.WORK)
    reporting.tell_of_crash(task, WorkerLostError(), {"letter": letter})
    return {one.kind: [ticket.job for ticket in one.tickets] for one in said}


def test_what_was_in_hand_outlives_the_child() -> None:
    dies_with("died", [1, 3], size=4)
    assert held("died") == [1, 3]


def test_what_is_finished_is_in_nobodys_hand() -> None:
    hold = Hold("finished", size=4)
    with hold([0, 1]):
        assert held("finished") == [0, 1]
    assert held("finished") == []
    assert held("never heard of") == []


def test_a_parcel_that_is_too_large_is_not_noted() -> None:
    with Hold("large", size=MOST + 1)([MOST]):
        assert held("large") == []


def test_those_in_hand_crashed_and_the_others_are_given_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dies_with("two", [1, 3], size=4)
    said = told(monkeypatch, classify_smears, parcel("two"))
    assert said == {News.CRASHED: ["job1", "job3"], News.RELEASED: ["job0", "job2"]}


def test_who_was_there_often_enough_is_suspected_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    dies_with("often", [1], size=4)
    lost = parcel("often", attempts=(1, 1, TRIES_IN_COMPANY, 1))
    said = told(monkeypatch, classify_smears, lost)
    assert said == {News.CRASHED: ["job1", "job2"], News.RELEASED: ["job0", "job3"]}


@pytest.mark.parametrize("task", [classify_smears, explain_prediction])
def test_where_nothing_is_known_all_are_suspected(
    monkeypatch: pytest.MonkeyPatch, task: Any
) -> None:
    said = told(monkeypatch, task, parcel("unknown"))
    assert said == {News.CRASHED: ["job0", "job1", "job2", "job3"]}
