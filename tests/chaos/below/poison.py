"""What a poisoned picture does to the worker that reads it."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from typing import Any

from tests.chaos.below.seam import change

SLOW = "HEMAQUEUE_CHAOS_SLOW"
EATEN = 256 << 20


@change("poison", module="inference_worker.reading")
def poisoned_pictures_act(reading: Any) -> None:
    whole = reading.canonical_picture

    def canonical_picture(file: bytes) -> Any:
        from tests.chaos.pictures import poison_of

        if poison := poison_of(file):
            ACTS[poison]()
        return whole(file)

    reading.canonical_picture = canonical_picture


@change("slow", module="inference_worker.reading")
def pictures_take_longer(reading: Any) -> None:
    whole, seconds = reading.canonical_picture, float(os.environ[SLOW])

    def canonical_picture(file: bytes) -> Any:
        time.sleep(seconds)
        return whole(file)

    reading.canonical_picture = canonical_picture


@change("short_limits", module="hemaqueue.pipeline.parcels")
def parcels_have_less_time(parcels: Any) -> None:
    """A hang in a picture is stopped within a minute, so that a test need not wait for long."""
    parcels.TIME_LIMITS = parcels.TIME_LIMITS | {parcels.Work.CLASSIFY_SMEARS: (20, 1)}


def segfault() -> None:
    ctypes.string_at(0)


def out_of_memory() -> None:
    """Take memory, and end as the kernel ends who took too much."""
    eaten = bytearray(os.urandom(1 << 20)) * (EATEN >> 20)
    os.kill(os.getpid(), signal.SIGKILL)
    del eaten


def hang() -> None:
    """As C code does that never returns: the interpreter's lock is held, so there are no beats."""
    ctypes.PyDLL(None).sleep(3600)


def exception() -> None:
    raise ValueError("a fault of the code that only this picture finds")


def stall() -> None:
    """Never end, but beat."""
    time.sleep(3600)


ACTS = {
    "segfault": segfault,
    "out_of_memory": out_of_memory,
    "hang": hang,
    "stall": stall,
    "exception": exception,
}
