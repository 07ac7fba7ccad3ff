"""The same network behind other servers, over HTTP, at 1, 8 and 32 clients; ours beside them.

Flask with `model.predict` as the older systems had it; LitServe and BentoML with batching, the
frozen graph and one process a core. Ours is asked through `/predict`, with token, ledger, audit
and encryption, and once more as a bulk: uploads by eight clients until the last result. Servers
run one after another, round by round. The first run makes an environment for each peer by pip.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks._bench import fixed_bundle, median, pictures, show
from benchmarks._load import load
from benchmarks._servers import PEERS, asked_ours, bulk_rate, ours, peer

CLIENTS = (1, 8, 32)
Found = dict[str, list[float]]


def unique(folder: Path) -> Iterator[Path]:
    """Yield pictures that no server has seen."""
    for seed in count():
        yield from pictures(folder / str(seed), count=200, seed=seed)


def note(found: Found, name: str, figures: dict[str, float]) -> None:
    for figure, value in figures.items():
        found.setdefault(f"{name}, {figure}", []).append(value)


def one_round(found: Found, *, bundle: Path, files: Iterator[Path], asked: Any) -> None:
    for name in asked.peers:
        with peer(name, bundle=bundle) as ask:
            for clients in CLIENTS:
                seen = load(ask, files, clients=clients, seconds=asked.seconds)
                note(found, f"{name}, {clients} clients", seen.figures)
    with ours() as system:
        for clients in CLIENTS:
            ask = asked_ours(system)
            seen = load(ask, files, clients=clients, seconds=asked.seconds)
            note(found, f"hemaqueue, {clients} clients", seen.figures)
        bulk = [next(files) for _ in range(asked.bulk)]
        note(found, "hemaqueue as a bulk", {"images_per_second": bulk_rate(system, bulk)})


def measure(asked: Any) -> dict[str, object]:
    found: Found = {}
    with tempfile.TemporaryDirectory(prefix="hemaqueue-bench-") as name:
        bundle, files = fixed_bundle(Path(name) / "fixed"), unique(Path(name))
        for _ in range(asked.rounds):
            one_round(found, bundle=bundle, files=files, asked=asked)
    figures: dict[str, object] = {"rounds": asked.rounds, "seconds_each": asked.seconds}
    return figures | {name: median(values, 3) for name, values in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--bulk", type=int, default=600)
    parser.add_argument("--peers", nargs="*", default=list(PEERS), choices=list(PEERS))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    show(measure(options), as_json=options.json)


if __name__ == "__main__":
    main()
