"""What an accepted upload costs, from the socket to the committed job: CPU ms by picture and part.

The dispatcher stands still, so nothing but intake runs. `web` has the confined decoder in it.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks._bench import Running, median, pictures, running, show
from benchmarks._rounds import upload

SIZES = ((224, 224), (640, 480))
PARTS = ("web", "postgres")


def round_of(system: Running, files: list[Path]) -> dict[str, float]:
    """Return CPU ms per image of each part and of all, and images per second."""
    before, all_before = {part: system.cpu_of(part) for part in PARTS}, system.cpu()
    begin = time.monotonic()
    upload(system, files)
    wall = time.monotonic() - begin
    found = {part: 1000 * (system.cpu_of(part) - before[part]) / len(files) for part in PARTS}
    return found | {
        "all": 1000 * (system.cpu() - all_before) / len(files),
        "rate": len(files) / wall,
    }


def measure(*, images: int, rounds: int) -> dict[str, object]:
    figures: dict[str, object] = {"images_per_round": images, "rounds": rounds}
    with running(processes=1) as system, tempfile.TemporaryDirectory() as folder:
        os.kill(system.installation.supervisor.processes()["dispatcher"], signal.SIGSTOP)
        found: dict[tuple[int, int], list[dict[str, float]]] = {size: [] for size in SIZES}
        for number in range(rounds):
            for size in SIZES:
                seed = number * 10_000 + size[0]
                files = pictures(Path(folder), count=images, seed=seed, size=size)
                found[size].append(round_of(system, files))
    for size, said in found.items():
        name = f"{size[0]}x{size[1]}"
        for part in (*PARTS, "all"):
            figures[f"{name}_{part}_cpu_ms_per_image"] = median([one[part] for one in said])
        figures[f"{name}_images_per_second"] = median([one["rate"] for one in said])
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    show(measure(images=options.images, rounds=options.rounds), as_json=options.json)


if __name__ == "__main__":
    main()
