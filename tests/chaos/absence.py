"""Redis away for minutes while uploads go on: each is acknowledged, and done soon after its return.

python -m tests.chaos.absence --seconds 300
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from statistics import quantiles

from deploy.local.stopping import stopped_by_signals
from tests.chaos import checker
from tests.chaos.checker import Verdict
from tests.chaos.pictures import pictures
from tests.chaos.plan import Plan
from tests.chaos.sender import List, Sender
from tests.chaos.system import System

PER_SECOND = 2


@dataclass(frozen=True)
class Absence:
    """What was measured."""

    seconds: float
    uploads: int
    acknowledged: int
    ack_p50: float
    ack_p95: float
    ack_longest: float
    done_after_return: float
    verdict: Verdict

    @property
    def is_sound(self) -> bool:
        return self.verdict.is_sound and self.acknowledged == self.uploads


def absence(plan: Plan, folder: Path, *, seconds: float) -> Absence:
    """Kill Redis, upload at a steady pace without it, start it again, wait for all results."""
    with System(plan, folder) as system:
        listed = List(folder / "acknowledged.jsonl")
        sender, waiting = Sender(system.client, listed), pictures(plan)
        try:
            system.kill_redis(away=seconds)
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                sender.send(islice(waiting, 1))
                system.wait(1 / PER_SECOND)
            uploads = listed.count + sender.left
            system.watch(lambda: not system.has_due, seconds=30)
            back = time.monotonic()
            system.watch(lambda: sender.left == 0, seconds=60)
            system.watch(lambda: checker.live(system) == 0, seconds=plan.patience)
            done = time.monotonic() - back
            system.wait(5)  # until the audit trail is sealed
        finally:
            sender.stop()
        everything = listed.read()
        took = sorted(one.seconds for one in everything)
        cuts = quantiles(took, n=20)
        verdict = checker.judged(system, everything, sender.refused)
    return Absence(
        seconds, uploads, len(everything), cuts[9], cuts[18], took[-1], round(done, 1), verdict
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--silence", type=float, default=60)
    parser.add_argument("--logs", default="", metavar="DIR", help="leave the logs there")
    asked = parser.parse_args()
    plan = replace(
        Plan(),
        images=1_000_000,
        silence=asked.silence,
        training=False,
        slow=0,
        patience=180,
        logs=asked.logs,
    )
    folder = Path(tempfile.mkdtemp(prefix="hemaqueue-chaos-"))
    folder.chmod(0o755)
    with stopped_by_signals():
        found = absence(plan, folder, seconds=asked.seconds)
    sys.stdout.write(json.dumps(asdict(found), indent=1) + "\n")
    return 0 if found.is_sound else 1


if __name__ == "__main__":
    sys.exit(main())
