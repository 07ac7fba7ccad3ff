"""A single upload until its result can be read: idle, and while a bulk is being worked on.

"Visible" is what a client sees: the answer of `GET /api/v1/jobs/{id}?wait=10` says succeeded.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks._bench import Running, percentile, pictures, running, show

PAUSE = 0.2
SENDERS = 3


def single(system: Running, file: Path) -> float:
    """Return the seconds from the first byte sent to the result that is readable."""
    begin = time.monotonic()
    status, answer = system.client.upload(file, {"image_kind": "field"})
    if status != 202:
        raise SystemExit(f"the upload was refused: {status} {answer}")
    while True:
        _, job = system.client.get(f"/api/v1/jobs/{answer['job_id']}/?wait=10")
        if job.get("state") == "succeeded":
            return time.monotonic() - begin
        if job.get("state") in {"failed", "dead", "cancelled"}:
            raise SystemExit(f"the job ended as {job}")


def singles(system: Running, files: list[Path]) -> list[float]:
    found = []
    for file in files:
        found.append(single(system, file))
        time.sleep(PAUSE)
    return found


def under_bulk(system: Running, *, bulk: list[Path], files: list[Path]) -> list[float]:
    """Time single uploads while a batch is uploaded and worked on beside them."""
    _, batch = system.client.post("/api/v1/batches/", {"name": "Bulk"})
    fields = {"image_kind": "field", "batch": str(batch["id"])}

    def send(part: int) -> None:
        for file in bulk[part::SENDERS]:
            system.client.upload(file, fields)

    threads = [threading.Thread(target=send, args=[part], daemon=True) for part in range(SENDERS)]
    for thread in threads:
        thread.start()
    system.wait(lambda: bool(system.ask("SELECT count(*) > 100 FROM jobs_job WHERE priority = 0")))
    found = singles(system, files)
    for thread in threads:
        thread.join()
    system.wait(system.is_drained, seconds=600)
    return found


def measure(*, count: int, bulk: int) -> dict[str, object]:
    with running() as system, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        idle = singles(system, pictures(folder, count=count, seed=1))
        busy = under_bulk(
            system,
            bulk=pictures(folder, count=bulk, seed=2),
            files=pictures(folder, count=count, seed=3),
        )
        processes = system.installation.processes
    return {
        "network": "mobilenet_v2 224², random weights",
        "processes": processes,
        "singles": count,
        "bulk": bulk,
        "idle_p50_s": round(percentile(idle, 0.5), 3),
        "idle_p95_s": round(percentile(idle, 0.95), 3),
        "under_bulk_p50_s": round(percentile(busy, 0.5), 3),
        "under_bulk_p95_s": round(percentile(busy, 0.95), 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--bulk", type=int, default=1000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    show(measure(count=options.count, bulk=options.bulk), as_json=options.json)


if __name__ == "__main__":
    main()
