"""A report of 1, 3 and 50 images: seconds and CPU ms from the request's row to the sealed file.

Rendered in one process as the report worker does it, after one report that is not counted.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "platform"))

from benchmarks._bench import median, show
from deploy.local.installation import Installation

SIZES = (1, 3, 50)


def measured(*, sizes: list[int], rounds: int, folder: Path) -> dict[str, object]:
    """Make one case for each size, and render its report `rounds` times."""
    import django

    django.setup()
    from benchmarks import _papers

    reports = {size: _papers.report_of(size, folder=folder) for size in sizes}
    render(next(iter(reports.values())))
    figures: dict[str, object] = {"rounds": rounds}
    for size, report in reports.items():
        found = [render(report) for _ in range(rounds)]
        figures |= {
            f"{size} images, seconds": median([wall for wall, _ in found], 3),
            f"{size} images, CPU ms": median([1000 * cpu for _, cpu in found], 0),
        }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return figures | {"peak memory, GiB": round(peak, 2)}


def render(report: object) -> tuple[float, float]:
    """Return wall and CPU seconds, children included."""
    from hemaqueue.reports.rendering import report_render

    wall, cpu = time.perf_counter(), sum(os.times()[:4])
    report_render(report.pk)  # type: ignore[attr-defined]
    return time.perf_counter() - wall, sum(os.times()[:4]) - cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hemaqueue-bench-") as name:
        installation = Installation(Path(name) / "data", throwaway=True, processes=1)
        try:
            installation.start_servers()
            installation.migrate()
            installation.demo_setup()
            os.environ |= installation.given | {"DJANGO_SETTINGS_MODULE": installation.settings}
            figures = measured(sizes=asked.sizes, rounds=asked.rounds, folder=Path(name))
        finally:
            installation.stop()
    show(figures, as_json=asked.json)


if __name__ == "__main__":
    main()
