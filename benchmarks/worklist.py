"""The lists at 100,000 and at 1,000,000 images: time and queries of the pages that people open.

Every page goes through Django's whole stack (middleware, views, templates, PostgreSQL) by the test
client in one process, as fifty people in turn; the network and gunicorn are not in the figures.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "platform"))

from benchmarks._bench import show
from deploy.local.installation import Installation

SIZES = (100_000, 1_000_000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=2, help="requests of each page by each user")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--plans", action="store_true", help="print EXPLAIN (ANALYZE) as well")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hemaqueue-bench-") as name:
        installation = Installation(Path(name) / "data", throwaway=True, processes=1)
        try:
            installation.start_servers()
            installation.migrate()
            os.environ |= installation.given | {"DJANGO_SETTINGS_MODULE": installation.settings}
            figures = measured(asked.sizes, rounds=asked.rounds, plans=asked.plans)
        finally:
            installation.stop()
    show(figures, as_json=asked.json)


def measured(sizes: list[int], *, rounds: int, plans: bool) -> dict[str, object]:
    """Fill the database to each size, and measure the pages there."""
    import django

    django.setup()
    from benchmarks import _lists, _rows

    figures: dict[str, object] = {}
    users = _rows.people()
    begin = 0
    for size in sorted(sizes):
        started = time.monotonic()
        _rows.fill(begin, size)
        begin = size
        print(
            f"{size:,} images are there after {time.monotonic() - started:.0f} s", file=sys.stderr
        )
        found = _lists.pages(users, rounds=rounds)
        figures |= {f"{size:,} images, {name}": value for name, value in found.items()}
        if plans:
            print(_lists.plans(users[0]), file=sys.stderr)
    return figures


if __name__ == "__main__":
    main()
