"""The same network behind other servers, over HTTP, at 1, 8 and 32 clients; ours beside them.

Flask with `model.predict` as the older systems had it; LitServe and BentoML with batching, the
frozen graph and one process a core. Ours is asked through `/predict`, with token, ledger, audit
and encryption, and once more as a bulk: uploads by eight clients until the last result. All
servers are up all the time and asked in turn, so that a round compares the same minute. The first
run makes an environment for each peer by pip.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import count, cycle, islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks._bench import Running, median, pictures, show
from benchmarks._load import load
from benchmarks._servers import PEERS, Ask, asked_ours, bulk_rate, ours, peer, warm

OURS = "hemaqueue"
CLIENTS = (1, 8, 32)
MOST = 100  # images/s for which ours has pictures; it knows those that came before
Found = dict[str, list[float]]


def unique(folder: Path) -> Iterator[Path]:
    """Yield pictures that no server has seen."""
    for seed in count():
        yield from pictures(folder / str(seed), count=200, seed=seed)


def note(found: Found, name: str, figures: Mapping[str, float]) -> None:
    for figure, value in figures.items():
        found.setdefault(f"{name}, {figure}", []).append(value)


def one_round(
    found: Found, servers: Mapping[str, Ask], *, clients: int, files: Iterator[Path], seconds: float
) -> None:
    """Ask each server in turn with so many clients; ours with pictures that it does not know."""
    for name, ask in servers.items():
        new = list(islice(files, int(seconds * MOST) if name == OURS else 100))
        seen = load(ask, cycle(new), clients=clients, seconds=seconds)
        note(found, f"{name}, {clients} clients", seen.figures)


def started(stack: ExitStack, peers: Sequence[str]) -> tuple[Running, dict[str, Ask]]:
    """Start ours and the peers, all with the same network."""
    system = stack.enter_context(ours())
    servers = {name: stack.enter_context(peer(name, bundle=system.bundle)) for name in peers}
    return system, servers | {OURS: asked_ours(system)}


def compared(found: Found) -> dict[str, float]:
    """Return our rate to that of the best peer, in the median of the rounds, by clients."""
    figures = {}
    for clients in CLIENTS:
        name = f"{clients} clients, images_per_second"
        peers = [values for key, values in found.items() if key.endswith(name) and OURS not in key]
        best = [max(values) for values in zip(*peers, strict=True)]
        ratios = [own / other for own, other in zip(found[f"{OURS}, {name}"], best, strict=False)]
        if ratios:
            figures[f"{clients} clients, {OURS} / best peer"] = median(ratios, 3)
    return figures


def measure(asked: Any) -> dict[str, object]:
    found: Found = {}
    with ExitStack() as stack:
        system, servers = started(stack, asked.peers)
        files = unique(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        for ask in servers.values():
            warm(ask, list(islice(files, 64)))
        for _ in range(asked.rounds):
            for clients in CLIENTS:
                one_round(found, servers, clients=clients, files=files, seconds=asked.seconds)
            bulk = bulk_rate(system, list(islice(files, asked.bulk)))
            note(found, f"{OURS} as a bulk", {"images_per_second": bulk})
    figures: dict[str, object] = {"rounds": asked.rounds, "seconds_each": asked.seconds}
    return figures | {name: median(values, 3) for name, values in found.items()} | compared(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--bulk", type=int, default=300)
    parser.add_argument("--peers", nargs="*", default=list(PEERS), choices=list(PEERS))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    show(measure(options), as_json=options.json)


if __name__ == "__main__":
    main()
