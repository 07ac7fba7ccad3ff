"""One run: rounds of uploads, a fault in each, then patience, then the checker."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import quantiles

import psycopg2

from tests.chaos import checker, faults
from tests.chaos.besides import Besides
from tests.chaos.checker import Verdict
from tests.chaos.pictures import pictures
from tests.chaos.plan import Plan
from tests.chaos.sender import Acknowledged, List, Sender
from tests.chaos.system import System

ROUND_SECONDS, PER_IMAGE_SECONDS = 12.0, 0.25
UNSENT_SECONDS = 120.0
OPEN_ROUNDS = 3


@dataclass
class Outcome:
    """What a run did and what the checker said."""

    plan: Plan
    verdict: Verdict = field(default_factory=Verdict)
    faults: list[str] = field(default_factory=list)
    acknowledged: list[Acknowledged] = field(default_factory=list)
    tries: dict[str, int] = field(default_factory=dict)
    besides: str = ""
    clock: str = ""
    codes: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    settled_after: float = 0.0

    @property
    def is_sound(self) -> bool:
        everything = len(self.acknowledged) == self.plan.images
        return everything and self.verdict.is_sound

    @property
    def ack_p95(self) -> float:
        took = [one.seconds for one in self.acknowledged]
        return quantiles(took, n=20)[18] if len(took) > 1 else 0.0


def run(plan: Plan, folder: Path, *, say: Callable[[str], None] = lambda _: None) -> Outcome:
    """Start everything, do the plan, judge what is left; nothing outlives the call."""
    outcome = Outcome(plan)
    with System(plan, folder) as system:
        say(f"up after {time.monotonic() - system.began:.0f} s")
        outcome.clock = f"{system.wrong_clock} {system.offset}".strip() or "none"
        say(f"wrong clock: {outcome.clock}")
        listed = List(folder / "acknowledged.jsonl")
        sender = Sender(system.client, listed)
        try:
            _rounds(system, sender, outcome, say=say)
            _settle(system, sender, outcome, say=say)
        finally:
            sender.stop()
        outcome.acknowledged = listed.read()
        outcome.verdict = checker.judged(system, outcome.acknowledged, sender.refused)
        outcome.tries, outcome.codes = checker.tries(system), checker.codes(system)
        outcome.seconds = time.monotonic() - system.began
    return outcome


def _rounds(
    system: System, sender: Sender, outcome: Outcome, *, say: Callable[[str], None]
) -> None:
    plan, chance = system.plan, system.plan.chance("times")
    waiting, aim = pictures(plan), 0
    names, besides = faults.drawn(plan), Besides(system, learns=plan.learns)
    for at, size in enumerate(plan.bursts):
        sender.send(islice(waiting, size), batch=_batch(system, at))
        system.wait(chance.uniform(0.3, 3.0))
        if at < len(names):
            told = f"{names[at]}: {faults.ASKED[names[at]](system, plan.chance(f'fault {at}'))}"
            outcome.faults.append(told)
            say(f"{at + 1}. {told}")
        if at == len(plan.bursts) // 2:
            besides.start()
        aim += size
        _keep_up(system, sender, acknowledged=aim - size // 2, size=size)
    outcome.besides = besides.end()
    say(f"besides: {outcome.besides}")


def _keep_up(system: System, sender: Sender, *, acknowledged: int, size: int) -> None:
    """Wait until most is acknowledged and few rounds are open: faults must meet work to the end."""
    until = time.monotonic() + max(ROUND_SECONDS, PER_IMAGE_SECONDS * size)
    system.watch(lambda: sender.listed.count >= acknowledged, seconds=until - time.monotonic())
    while time.monotonic() < until and _is_behind(system, OPEN_ROUNDS * size):
        system.wait(0.5)


def _is_behind(system: System, most: int) -> bool:
    try:
        return checker.live(system) > most
    except psycopg2.Error:
        return True


def _batch(system: System, at: int) -> str:
    """Open a batch for every other round: the others are singles that somebody waits for."""
    if at % 2:
        return ""
    try:
        status, answer = system.client.post("/api/v1/batches/", {"name": f"Round {at}"})
    except OSError:
        return ""
    return str(answer["id"]) if status < 300 else ""


def _settle(
    system: System, sender: Sender, outcome: Outcome, *, say: Callable[[str], None]
) -> None:
    """End the faults; wait until all is sent and done, or patience ends."""
    system.watch(lambda: not system.has_due, seconds=120)
    began = time.monotonic()
    say(f"no more faults; {sender.left} uploads left")
    system.watch(lambda: sender.left == 0, seconds=UNSENT_SECONDS)
    system.watch(lambda: checker.live(system) == 0, seconds=system.plan.patient_for)
    system.watch(lambda: is_sealed(system), seconds=30)
    outcome.settled_after = time.monotonic() - began


def is_sealed(system: System) -> bool:
    return system.rows(
        "SELECT count(*) FROM audit_auditevent e LEFT JOIN audit_auditseal s ON s.event_id = e.id"
        " WHERE s.position IS NULL AND e.at < now() - interval '2 s'"
    ) == [(0,)]
