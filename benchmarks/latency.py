"""A single upload until its result can be read: idle, under a bulk, and under a training.

"Visible" is what a client sees: the answer of `GET /api/v1/jobs/{id}?wait=10` says succeeded.
The training is one of the platform's own, in its training worker, from the first epoch on.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks._bench import SCRIPTS, Running, percentile, pictures, running, show
from deploy.local import environment
from deploy.local.paths import PYTHON, ROOT

PAUSE = 0.2
SENDERS = 3
WAITS = "SELECT EXISTS (SELECT FROM jobs_job WHERE priority = 0 AND finished_at IS NULL)"
LEARNS = """
    SELECT count(*) FROM jobs_job JOIN training_trainingrun run ON run.id = subject
    WHERE state = 'running' AND jsonb_array_length(curve) > 0
"""


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


def singles(
    system: Running, files: list[Path], *, during: Callable[[], bool] = lambda: True
) -> list[float]:
    """Return the seconds of one after another, of those that began `during` something."""
    found = []
    for file in files:
        if not during():
            break
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
    found = singles(system, files, during=lambda: bool(system.ask(WAITS)))
    for thread in threads:
        thread.join()
    system.wait(system.is_drained, seconds=600)
    return found


def under_training(system: Running, *, lessons: Path, files: list[Path]) -> list[float]:
    """Time single uploads while the training worker learns.

    Raises:
        SystemExit: the training ended before the last of them.
    """
    given, settings = system.installation.given, system.installation.settings
    script = [str(PYTHON), str(SCRIPTS / "_lessons.py"), str(lessons)]
    env = environment.platform(settings=settings, given=given)
    subprocess.run(script, check=True, env=env, cwd=ROOT, stdout=subprocess.DEVNULL)
    system.wait(lambda: bool(system.ask(LEARNS)), seconds=300)
    found = singles(system, files)
    if not system.ask(LEARNS):
        raise SystemExit("the training ended too early to be measured beside")
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
        files = pictures(folder, count=count, seed=4)
        learning = under_training(system, lessons=folder / "lessons", files=files)
        processes = system.installation.processes
    figures = {
        "network": "mobilenet_v2 224², random weights",
        "processes": processes,
        "singles": count,
        "singles_under_bulk": len(busy),
        "bulk": bulk,
    }
    for name, seconds in (("idle", idle), ("under_bulk", busy), ("under_training", learning)):
        figures[f"{name}_p50_s"] = round(percentile(seconds, 0.5), 3)
        figures[f"{name}_p95_s"] = round(percentile(seconds, 0.95), 3)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--bulk", type=int, default=2000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    show(measure(count=options.count, bulk=options.bulk), as_json=options.json)


if __name__ == "__main__":
    main()
