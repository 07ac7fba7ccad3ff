"""One round through the whole system: uploaded while the dispatcher stands still, then worked on.

So intake and work are timed apart.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks._bench import Running

SENDERS = 4
PARTS = ("inference", "records", "dispatcher", "postgres", "redis")


def system_round(system: Running, files: Sequence[Path]) -> dict[str, float]:
    """Return intake's and the work's CPU ms per image, and the work's images per second.

    Under their names: the work's CPU ms per image of each of PARTS.
    """
    dispatcher = system.installation.supervisor.processes()["dispatcher"]
    os.kill(dispatcher, signal.SIGSTOP)
    before = system.cpu()
    upload(system, files)
    intake = system.cpu() - before
    before, begin = system.cpu(), time.monotonic()
    parts = {part: system.cpu_of(part) for part in PARTS}
    os.kill(dispatcher, signal.SIGCONT)
    system.wait(system.is_drained, seconds=600)
    wall, cpu = time.monotonic() - begin, system.cpu() - before
    return {
        "rate": len(files) / wall,
        "cpu": 1000 * cpu / len(files),
        "intake": 1000 * intake / len(files),
        **{part: 1000 * (system.cpu_of(part) - parts[part]) / len(files) for part in PARTS},
    }


def upload(system: Running, files: Sequence[Path]) -> None:
    """Send files as several clients at once, and see that each is accepted."""

    def send(file: Path) -> tuple[int, object]:
        return system.client.upload(file, {"image_kind": "field"})

    with ThreadPoolExecutor(SENDERS) as pool:
        refused = [answer for answer in pool.map(send, files) if answer[0] != 202]
    if refused:
        raise SystemExit(f"{len(refused)} uploads were refused, the first: {refused[0]}")
