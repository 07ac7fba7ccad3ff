"""More inference processes, and a second machine: images per second against one process.

Each count of processes is a system of its own, and beside it in the same run the raw network in as
many processes. With `--two-machines` (root, Linux) half of the processes run in a network namespace
of their own and reach Redis through a virtual cable, as a second machine would.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks._bench import median, pictures, raw_network, running, show
from benchmarks._machines import second_machine
from benchmarks._rounds import system_round

RAW_SECONDS = 4.0
SHARED = ("records", "dispatcher", "postgres", "redis")


def with_processes(count: int, *, elsewhere: int, images: int, rounds: int) -> dict[str, float]:
    """Return the rate of the system and of the raw network, memory per process in GiB, and what
    the parts that all processes share use for an image: where the next limit lies."""
    with (
        running(processes=count - elsewhere) as system,
        second_machine(system, processes=elsewhere),
        raw_network(system.bundle, kind="graph", processes=count) as raw,
        tempfile.TemporaryDirectory() as folder,
    ):
        found, raws = [], []
        for number in range(rounds):
            raws.append(raw(RAW_SECONDS)["images_per_second"])
            files = pictures(Path(folder), count=images * count, seed=number)
            found.append(system_round(system, files))
        resident, _ = system.largest_child("inference")
    middle = {name: median([one[name] for one in found]) for name in ("rate", *SHARED)}
    return middle | {"raw": median(raws), "gib": round(resident, 2)}


def measure(*, counts: list[int], images: int, rounds: int, two: bool) -> dict[str, object]:
    layouts = [(f"{count}", count, 0) for count in counts]
    if two:
        most = max(counts)
        layouts.append((f"{most - most // 2} + {most // 2}", most, most // 2))
    figures: dict[str, object] = {"images_per_process": images, "rounds": rounds}
    first = 0.0
    for name, count, elsewhere in layouts:
        found = with_processes(count, elsewhere=elsewhere, images=images, rounds=rounds)
        first = first or found["rate"]
        figures |= {
            f"{name} processes, images/s": found["rate"],
            f"{name} processes, to the first": round(found["rate"] / first, 2),
            f"{name} processes, to the raw network": round(found["rate"] / found["raw"], 3),
            f"{name} processes, GiB each": found["gib"],
            **{f"{name} processes, {part}, CPU ms an image": found[part] for part in SHARED},
        }
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    cores = len(os.sched_getaffinity(0))
    parser.add_argument("--counts", type=int, nargs="+", default=list(range(1, cores + 1)))
    parser.add_argument("--images", type=int, default=100, help="for each process, each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--two-machines", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    figures = measure(
        counts=asked.counts, images=asked.images, rounds=asked.rounds, two=asked.two_machines
    )
    show(figures, as_json=asked.json)


if __name__ == "__main__":
    main()
