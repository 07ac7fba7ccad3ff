"""A helper that misbehaves when the file asks for it, for tests of the pool. Never shipped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from hemaqueue.specimens.intake import confinement, helper
from hemaqueue.specimens.intake.framing import Message

ENVIRONMENT = {"PYTHONPATH", "LANG", "LC_CTYPE", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}
# OpenCV's own package sets the last one.
ENVIRONMENT |= {"OPENCV_IO_MAX_IMAGE_PIXELS", "OPENCV_LOG_LEVEL", "LD_LIBRARY_PATH"}

_answer = helper.answer


def crash() -> None:
    signal.raise_signal(signal.SIGSEGV)


def burn() -> None:
    while True:
        pass


def hang() -> None:
    time.sleep(60)


def hang_deaf() -> None:
    signal.alarm(0)
    time.sleep(60)


def eat() -> None:
    bytearray(3 * 1024**3)


def report() -> str:
    """Try what a decoder that was taken over would try; say what worked."""
    attempts = {
        "read a file": lambda: Path("/etc/passwd").read_bytes(),
        "write a file": lambda: tempfile.TemporaryFile().close(),
        "connect": lambda: socket.socket().close(),
        "start a program": lambda: subprocess.run(["/bin/true"], check=False),
        "fork": lambda: os.fork() or os._exit(0),
        "signal": lambda: os.kill(os.getppid(), 0),
    }
    worked = [name for name, attempt in attempts.items() if _works(attempt)]
    environment = sorted(set(os.environ) - ENVIRONMENT)
    files = [number for number in range(256) if _works(lambda number=number: os.fstat(number))]
    return str({"worked": worked, "environment": environment, "files": len(files)})


def _works(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


FAULTS = {fault.__name__.encode(): fault for fault in (crash, burn, hang, hang_deaf, eat)}


def answer(request: Message) -> Message:
    facts = {"sha256": request.facts["sha256"]}
    if fault := FAULTS.get(request.first):
        fault()
        return Message(facts | {"refused": "corrupt_image", "detail": "survived"})
    if request.first == b"report":
        return Message(facts | {"refused": "corrupt_image", "detail": report()})
    if request.first == b"another":
        return Message({"sha256": "0" * 64, "refused": "corrupt_image", "detail": ""})
    if request.first == b"nonsense":
        return Message(facts | {"width": "wide"})
    return _answer(request)


if __name__ == "__main__":
    confinement.CPU_SECONDS_PER_FILE = 1
    confinement.WALL_SECONDS_PER_FILE = 4
    helper.answer = answer
    helper.main()
    sys.exit()
