"""What one run of chaos is: how much work, how many faults, and the chance that orders them."""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass

#: Silence must be longer than the ear's memory (6 s) and a beat: else a stall looks like a death.
SHORTEST_SILENCE = 10.0
SHORTEST_PATIENCE, PATIENCE_PER_IMAGE = 180.0, 0.06


@dataclass(frozen=True)
class Plan:
    """The same seed gives the same faults in the same order; what they hit depends on the clock."""

    images: int = 500
    faults: int = 10
    seed: int = 1
    poison: int = 0
    silence: float = SHORTEST_SILENCE
    processes: int = 2
    only: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    #: Seconds for what is unfinished after the last fault; 0: as long as so many images may take.
    patience: float = 0.0
    training: bool = True
    #: The share of the uploads that is called off again.
    called_off: float = 0.03
    #: Whether a model is trained meanwhile on what was confirmed.
    learns: bool = False
    #: Whether one process has a wrong clock. libfaketime 0.9.10 breaks Python's time.sleep there.
    clocks: bool = False
    #: Seconds that each picture takes longer, so that a fault meets work.
    slow: float = 0.2
    #: Minutes of uploads without a pause, instead of so many images (see soak.py); 0: none.
    soak: float = 0.0
    #: Where the logs are left; empty: nowhere.
    logs: str = ""
    poisons: tuple[str, ...] = ("segfault", "out_of_memory", "hang")

    @property
    def patient_for(self) -> float:
        """Return the seconds until what is unfinished counts as left behind."""
        return self.patience or max(SHORTEST_PATIENCE, PATIENCE_PER_IMAGE * self.images)

    def chance(self, purpose: str) -> random.Random:
        """Return a source of chance of its own for each purpose: one cannot disturb another."""
        return random.Random(f"{self.seed}:{purpose}")

    @property
    def bursts(self) -> list[int]:
        """Return how many images go in each round: a fault falls into each of them."""
        rounds = max(1, self.faults)
        share, rest = divmod(self.images, rounds)
        return [share + (at < rest) for at in range(rounds)]


def parsed(arguments: Sequence[str] | None) -> tuple[Plan, bool]:
    """Return the plan that the command line asks for, and whether it wants JSON."""
    usual = Plan()
    parser = argparse.ArgumentParser("./hemaqueue chaos", description=__doc__)
    parser.add_argument("--images", type=int, default=usual.images, metavar="N")
    parser.add_argument("--faults", type=int, default=usual.faults, metavar="N")
    parser.add_argument("--seed", type=int, default=usual.seed, metavar="N")
    parser.add_argument(
        "--poison", type=int, default=usual.poison, metavar="N",
        help="so many of the images crash their worker",
    )  # fmt: skip
    parser.add_argument(
        "--silence", type=float, default=usual.silence, metavar="SECONDS",
        help="the limit of silence; production has 60",
    )  # fmt: skip
    parser.add_argument(
        "--processes", type=int, default=usual.processes, metavar="N", help="of inference"
    )
    parser.add_argument("--only", default="", metavar="FAULT,…", help="choose among these faults")
    parser.add_argument(
        "--patience", type=float, default=usual.patience, metavar="SECONDS",
        help="for what is unfinished after the last fault (by the number of images)",
    )  # fmt: skip
    parser.add_argument(
        "--slow", type=float, default=usual.slow, metavar="SECONDS",
        help="how much longer each picture takes, so that a fault meets work",
    )  # fmt: skip
    parser.add_argument(
        "--soak", type=float, default=usual.soak, metavar="MINUTES",
        help="upload for so long, and see who grows and what is left behind",
    )  # fmt: skip
    parser.add_argument("--logs", default="", metavar="DIR", help="leave the logs there")
    parser.add_argument("--learn", action="store_true", help="train a model meanwhile")
    parser.add_argument("--clocks", action="store_true", help="one process has a wrong clock")
    parser.add_argument("--no-training", action="store_true", help="leave training out")
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    asked = parser.parse_args(arguments)
    return (
        Plan(
            images=asked.images,
            faults=asked.faults,
            seed=asked.seed,
            poison=asked.poison,
            silence=max(SHORTEST_SILENCE, asked.silence),
            processes=asked.processes,
            only=tuple(filter(None, asked.only.split(","))),
            patience=asked.patience,
            learns=asked.learn,
            clocks=asked.clocks,
            slow=asked.slow,
            soak=asked.soak,
            logs=asked.logs,
            training=not asked.no_training,
        ),
        asked.json,
    )
