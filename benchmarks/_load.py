"""Clients in a closed loop: each sends its next picture when the last one is answered."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks._bench import percentile


@dataclass
class Load:
    """What clients saw: seconds of each answer, and how long they asked in all."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0
    wall: float = 0.0

    @property
    def figures(self) -> dict[str, float]:
        return {
            "images_per_second": len(self.seconds) / self.wall,
            "p50_s": percentile(self.seconds, 0.5) if self.seconds else 0.0,
            "p95_s": percentile(self.seconds, 0.95) if self.seconds else 0.0,
            "failed": float(self.failed),
        }


def load(
    ask: Callable[[Path], bool], files: Iterator[Path], *, clients: int, seconds: float
) -> Load:
    """Let `clients` threads ask for so many seconds; `ask` says whether it was answered well."""
    found, lock, begin = Load(), threading.Lock(), time.monotonic()

    def client() -> None:
        while time.monotonic() - begin < seconds:
            with lock:
                file = next(files)
            sent = time.monotonic()
            well = ask(file)
            with lock:
                if well:
                    found.seconds.append(time.monotonic() - sent)
                found.failed += not well

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.wall = time.monotonic() - begin
    return found
