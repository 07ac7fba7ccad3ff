"""Images through the whole system against the raw network in the same run, round by round.

The pictures are uploaded while the dispatcher stands still, which times intake alone; then it
goes on, and the time and CPU until the last result is recorded is the system's. Beside it the
raw network runs in the best layout (one thread per process, as many processes as the system
has), in one process with all threads, and one image at a time as the older systems did it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks._bench import median, pictures, raw_network, running, show
from benchmarks._rounds import PARTS, system_round

RAW_SECONDS = 5.0


def measure(*, images: int, rounds: int) -> dict[str, object]:
    with running() as system, tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        processes = system.installation.processes
        best = stack.enter_context(raw_network(system.bundle, kind="graph", processes=processes))
        one = stack.enter_context(
            raw_network(system.bundle, kind="graph", processes=1, threads=processes)
        )
        raws, alone, ours, memory = [], [], [], []
        for number in range(rounds):
            raws.append(best(RAW_SECONDS))
            alone.append(one(RAW_SECONDS))
            files = pictures(Path(folder), count=images, seed=number)
            ours.append(system_round(system, files))
            memory.append(system.largest_child("inference"))
        older = stack.enter_context(raw_network(system.bundle, kind="naive", processes=1))
        naive = older(RAW_SECONDS)
    pairs = list(zip(ours, raws, strict=True))
    beside = list(zip(ours, alone, strict=True))
    system_cpu = median([one["cpu"] for one in ours])
    return {
        "network": "mobilenet_v2 224², random weights",
        "images_per_round": images,
        "rounds": rounds,
        "processes": processes,
        "system_images_per_second": median([one["rate"] for one in ours]),
        "raw_images_per_second": median([raw["images_per_second"] for raw in raws]),
        "ratio_to_raw": median([one["rate"] / raw["images_per_second"] for one, raw in pairs], 3),
        "one_process_images_per_second": median([raw["images_per_second"] for raw in alone]),
        "ratio_to_one_process": median(
            [one["rate"] / raw["images_per_second"] for one, raw in beside], 3
        ),
        "system_cpu_ms_per_image": system_cpu,
        "raw_cpu_ms_per_image": median([raw["cpu_ms_per_image"] for raw in raws]),
        "overhead_cpu_ms_per_image": median(
            [one["cpu"] - raw["cpu_ms_per_image"] for one, raw in pairs]
        ),
        **{f"{part}_cpu_ms_per_image": median([one[part] for one in ours]) for part in PARTS},
        "intake_cpu_ms_per_image": median([one["intake"] for one in ours]),
        "inference_process_gib_after_first_round": round(memory[0][0], 2),
        "inference_process_gib_after_last_round": round(memory[-1][0], 2),
        "the_same_with_shared_pages_divided": round(memory[-1][1], 2),
        "naive_cpu_ms_per_image": round(naive["cpu_ms_per_image"], 1),
        "naive_to_ours_cpu": round(naive["cpu_ms_per_image"] / system_cpu, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    show(measure(images=options.images, rounds=options.rounds), as_json=options.json)


if __name__ == "__main__":
    main()
