"""A helper that misbehaves when the file asks for it, for tests of the pool. Never shipped."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from hemaqueue.specimens.intake import confinement, helper
from hemaqueue.specimens.intake.framing import Message

ENVIRONMENT = {"PYTHONPATH", "LANG", "LC_CTYPE", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}
# OpenCV's own package sets the last one.
ENVIRONMENT |= {"OPENCV_IO_MAX_IMAGE_PIXELS", "OPENCV_LOG_LEVEL", "LD_LIBRARY_PATH"}

_answer = helper.answer


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


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


def write() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"pixels")
        file.flush()


FAULTS = {fault.__name__.encode(): fault for fault in (crash, burn, hang, hang_deaf, eat, write)}


def answer(request: Message) -> Message:
    facts = {"sha256": request.facts["sha256"]}
    if fault := FAULTS.get(request.first):
        fault()
        return Message(facts | {"refused": "corrupt_image", "detail": "survived"})
    if request.first == b"report":
        files = sorted(path.name for path in Path("/proc/self/fd").iterdir())
        said = {"environment": sorted(set(os.environ) - ENVIRONMENT), "files": files}
        return Message(facts | {"refused": "corrupt_image", "detail": str(said)})
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
