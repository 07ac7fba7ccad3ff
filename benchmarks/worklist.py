"""The lists at 100,000 and at 1,000,000 images: time and queries of the pages that people open.

First one at a time, through Django's whole stack (middleware, views, templates, PostgreSQL) by the
test client in one process, as each of fifty people in turn. Then, at the first size, the fifty at
once over HTTP: with a pause between pages as people make it, and without one.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "platform"))

from benchmarks._bench import show
from deploy.local.installation import Installation

SIZES = (100_000, 1_000_000)
PAUSES = (5.0, 0.0)  # seconds that somebody looks at a page; nobody looks at all
CROWD_SECONDS = 20
FELT = 1.0  # milliseconds: a quicker query is not compared, its time is mostly noise


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=1, help="requests of each page by each user")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--plans", action="store_true", help="print EXPLAIN (ANALYZE) as well")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hemaqueue-bench-") as name:
        installation = Installation(Path(name) / "data", throwaway=True, processes=1)
        try:
            installation.start_servers()
            installation.migrate()
            os.environ |= installation.given | {"DJANGO_SETTINGS_MODULE": installation.settings}
            figures = measured(
                installation, sorted(asked.sizes), rounds=asked.rounds, plans=asked.plans
            )
        finally:
            installation.stop()
    show(figures if asked.json else table(figures), as_json=asked.json)


def measured(
    installation: Installation, sizes: Sequence[int], *, rounds: int, plans: bool
) -> dict[str, Any]:
    """Fill the database to each size, and measure the pages there."""
    import django

    django.setup()
    from benchmarks import _lists, _rows

    users = _rows.people()
    machine = {"cores": os.cpu_count(), "load_before": round(os.getloadavg()[0], 1)}
    figures: dict[str, Any] = {"people": len(users), "machine": machine, "pages": {}}
    for begin, size in zip((0, *sizes), sizes, strict=False):
        started = time.monotonic()
        _rows.fill(begin, size)
        said(f"{size:,} images are there after {time.monotonic() - started:.0f} s")
        figures["pages"][f"{size:,}"] = _lists.pages(users, rounds=rounds)
        said(f"measured after {time.monotonic() - started:.0f} s")
        if begin == 0:
            figures["at_once"] = at_once(installation, users)
        if plans:
            said(_lists.plans(users[0]))
    if len(sizes) > 1:
        figures["growth"] = growth(*list(figures["pages"].values())[:2])
    return figures


def at_once(installation: Installation, users: Sequence[Any]) -> list[dict[str, Any]]:
    """Start the web process, and let everybody in."""
    from benchmarks._crowd import crowd

    installation.start_processes(only=lambda name: name == "web")
    while not installation.answers():
        time.sleep(0.2)
    found = []
    for pause in PAUSES:
        found.append(crowd(users, port=installation.port, seconds=CROWD_SECONDS, pause=pause))
        said(f"at once, {pause} s between pages: {found[-1]}")
    return found


def growth(small: dict[str, Any], large: dict[str, Any]) -> dict[str, Any]:
    """Return, by page, how much longer everything takes in the larger database, and its queries."""
    return {
        name: {
            "p50": round(large[name]["p50_ms"] / page["p50_ms"], 2),
            "database": round(large[name]["database_ms"] / page["database_ms"], 2),
            "queries": {
                query: round(now / max(FELT, page["by_query_ms"].get(query, now)), 2)
                for query, now in large[name]["by_query_ms"].items()
                if now > FELT
            },
        }
        for name, page in small.items()
        if name in large
    }


def table(figures: dict[str, Any]) -> dict[str, Any]:
    """Return the figures as lines for people."""
    lines = {
        f"{size} images, {name}": _line(page)
        for size, pages in figures["pages"].items()
        for name, page in pages.items()
    }
    lines |= {f"growth, {name}": one for name, one in figures.get("growth", {}).items()}
    lines["machine"] = figures["machine"]
    return lines | {f"at once, pause {one['pause_s']} s": one for one in figures["at_once"]}


def _line(page: dict[str, Any]) -> str:
    return (
        f"p50 {page['p50_ms']:6.1f}  p95 {page['p95_ms']:6.1f} ms  web {page['web_cpu_ms']:5.1f} ms"
        f" of CPU  database {page['database_ms']:6.1f} ms in {page['queries']:3} queries,"
        f" slowest {page['slowest']}"
    )


def said(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
