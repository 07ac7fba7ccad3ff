"""The heatmap on against off: the same frozen network with the activation map in its graph, or not.

Both run in one process with one thread, in turn, in batches of sixteen.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks._bench import SCRIPTS, fixed_bundle, median, show
from deploy.local import environment
from deploy.local.paths import PYTHON, ROOT


def measure(*, rounds: int, seconds: float) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="hemaqueue-bench-") as name:
        bundle = fixed_bundle(Path(name) / "fixed")
        pair = [str(PYTHON), str(SCRIPTS / "_pair.py"), str(bundle), str(rounds), str(seconds)]
        env = environment.base() | environment.ONE_THREAD
        said = subprocess.run(pair, check=True, env=env, cwd=ROOT, stdout=subprocess.PIPE)
    found: dict[str, list[float]] = json.loads(said.stdout)
    ratios = [on / off for on, off in zip(found["graph"], found["plain"], strict=True)]
    return {
        "network": "mobilenet_v2 224², random weights",
        "rounds": rounds,
        "with_heatmap_cpu_ms_per_image": median(found["graph"]),
        "without_heatmap_cpu_ms_per_image": median(found["plain"]),
        "on_to_off": median(ratios, 3),
        "on_to_off_lowest": round(min(ratios), 3),
        "on_to_off_highest": round(max(ratios), 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    show(measure(rounds=options.rounds, seconds=options.seconds), as_json=options.json)


if __name__ == "__main__":
    main()
