"""How long until the work of a killed worker is offered again, with production's limits.

python -m tests.chaos.deaths --silence 60
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from deploy.local.stopping import stopped_by_signals
from tests.chaos import checker
from tests.chaos.pictures import pictures
from tests.chaos.plan import Plan
from tests.chaos.processes import children_of, family_of, send
from tests.chaos.sender import List, Sender
from tests.chaos.system import System

IMAGES = 120
IN_HAND = "SELECT id::text FROM jobs_job WHERE state = 'running'"
AGAIN = """
SELECT extract(epoch FROM min(at) - %s::timestamptz)::float FROM jobs_jobevent
WHERE job_id::text = ANY(%s) AND at > %s::timestamptz AND state IN ('queued', 'succeeded')
GROUP BY job_id
"""


@dataclass(frozen=True)
class Death:
    """Who was killed, how many jobs ran there, and the seconds until the last was offered again."""

    who: str
    jobs: int
    longest: float


def _child(system: System) -> None:
    send(children_of(system.pids()["inference"])[0], signal.SIGKILL)


def _host(system: System) -> None:
    pid = system.pids()["inference"]
    for one in [pid, *family_of(pid)]:
        send(one, signal.SIGKILL)


def _asked(system: System) -> None:
    send(system.pids()["inference"], signal.SIGTERM)


DEATHS: dict[str, Callable[[System], None]] = {
    "a child, killed": _child,
    "a host without power": _host,
    "a worker asked to end": _asked,
}


def deaths(plan: Plan, folder: Path) -> list[Death]:
    """Kill an inference worker in each way while it works; its news comes too late to help."""
    found = []
    with System(plan, folder) as system:
        sender = Sender(system.client, List(folder / "acknowledged.jsonl"))
        waiting = pictures(plan)
        try:
            for who, kill in DEATHS.items():
                sender.send(islice(waiting, IMAGES), batch=_batch(system))
                system.watch(lambda: len(system.rows(IN_HAND)) >= 8, seconds=60, what="work")
                found.append(_death(system, who, kill))
                system.watch(lambda: sender.left == 0, seconds=60)
                system.watch(lambda: checker.live(system) == 0, seconds=plan.patience)
        finally:
            sender.stop()
    return found


def _batch(system: System) -> str:
    return str(system.client.post("/api/v1/batches/", {"name": "Deaths"})[1]["id"])


def _death(system: System, who: str, kill: Callable[[System], None]) -> Death:
    jobs, at = [row[0] for row in system.rows(IN_HAND)], system.rows("SELECT now()::text")[0][0]
    kill(system)
    system.watch(lambda: len(_again(system, jobs, at)) == len(jobs), seconds=system.plan.patience)
    took = _again(system, jobs, at)
    return Death(who, len(jobs), round(max(took, default=0.0), 1))


def _again(system: System, jobs: list[str], at: str) -> list[float]:
    return [row[0] for row in system.rows(AGAIN, at, jobs, at)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--silence", type=float, default=60)
    asked = parser.parse_args()
    plan = replace(
        Plan(), images=10 * IMAGES, silence=asked.silence, training=False, slow=1.0, patience=200
    )
    folder = Path(tempfile.mkdtemp(prefix="hemaqueue-chaos-"))
    folder.chmod(0o755)
    with stopped_by_signals():
        found = deaths(plan, folder)
    sys.stdout.write(json.dumps([vars(one) for one in found], indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
