"""`_pair.py BUNDLE ROUNDS SECONDS`: the graph with and without its heatmap, in turn, one thread.

Prints one JSON line: the CPU ms per image of each, round by round.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))


def main(folder: Path, rounds: int, seconds: float) -> None:
    from benchmarks._raw import STEPS
    from inference_worker.tensorflow_setup import limit_threads

    limit_threads(1)
    steps = {kind: STEPS[kind](folder) for kind in ("graph", "plain")}
    for step, _ in steps.values():
        step()
    found: dict[str, list[float]] = {kind: [] for kind in steps}
    for _ in range(rounds):
        for kind, (step, images) in steps.items():
            found[kind].append(cpu_ms(step, images=images, seconds=seconds))
    print(json.dumps(found))


def cpu_ms(step: Callable[[], object], *, images: int, seconds: float) -> float:
    """Return the CPU ms per image of `step`, repeated for so many seconds."""
    done, end, cpu = 0, time.perf_counter() + seconds, time.process_time()
    while time.perf_counter() < end:
        step()
        done += images
    return 1000 * (time.process_time() - cpu) / done


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
