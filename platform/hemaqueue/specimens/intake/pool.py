"""One or two warm helpers per web process, shared by its threads."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from hemaqueue.common.errors import PlatformError
from hemaqueue.specimens.intake.framing import Broken, Exit, Message, receive, send
from jobcontract.image_refusals import ImageRefused

COMMAND = (sys.executable, "-P", "-s", "-m", "hemaqueue.specimens.intake.helper")
SOURCE_ROOT = Path(__file__).parents[3]
MOST_HELPERS = 2
FILES_PER_HELPER = 500
SECONDS_PER_FILE = 15.0
SECONDS_IN_LINE = 30.0


class IntakeBusy(PlatformError):
    """Too many files are being checked at this moment. Send this one again in a minute."""

    code = "intake_busy"
    status = 503


class Helper:
    """One helper process and the socket to it; used by one thread at a time."""

    def __init__(self, command: Sequence[str]) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                cwd="/",
            )
        self.channel = ours
        self.files = 0

    def ask(self, request: Message) -> Message:
        """Send a file and wait for what was found; raise TimeoutError or Broken."""
        self.files += 1
        deadline = time.monotonic() + SECONDS_PER_FILE
        try:
            self.channel.settimeout(SECONDS_PER_FILE)
            send(self.channel, request)
            self.channel.settimeout(max(deadline - time.monotonic(), 0.01))
            found = receive(self.channel)
        except ConnectionError:
            raise Broken from None
        if found is None or found.facts.get("sha256") != request.facts["sha256"]:
            raise Broken
        return found

    def end(self) -> int:
        """Close the socket, at which the helper ends by itself, or kill it; return its code."""
        self.channel.close()
        with suppress(subprocess.TimeoutExpired):
            return self.process.wait(timeout=0.5)
        self.process.kill()
        return self.process.wait()


class HelperPool:
    """Lends helpers to threads; starts them when first needed, and renews them."""

    def __init__(self, *, command: Sequence[str] = COMMAND, size: int = MOST_HELPERS) -> None:
        self.command = command
        self.pid = os.getpid()
        self._free = threading.Semaphore(size)
        self._idle: list[Helper] = []
        self._lock = threading.Lock()

    def inspect(self, request: Message) -> Message:
        """Have a helper examine a file.

        Raises:
            IntakeBusy: No helper became free in 30 s.
            ImageRefused: `image_decoder_timeout`; or `image_decoder_crashed`, when two helpers in
                a row ended over this file (the first may have ended for another reason).
        """
        if not self._free.acquire(timeout=SECONDS_IN_LINE):
            raise IntakeBusy
        try:
            for _ in range(2):
                with suppress(Broken):
                    return self._ask(request)
            raise ImageRefused("image_decoder_crashed")
        finally:
            self._free.release()

    def warm_up(self) -> None:
        """Start a helper ahead of the first file."""
        if self._free.acquire(blocking=False):
            try:
                self._give_back(self._taken() or self._started())
            finally:
                self._free.release()

    def close(self) -> None:
        """End the helpers that are idle."""
        while (helper := self._taken()) is not None:
            helper.end()

    def _ask(self, request: Message) -> Message:
        helper = self._taken() or self._started()
        try:
            found = helper.ask(request)
        except TimeoutError:
            helper.process.kill()
            helper.end()
            raise ImageRefused("image_decoder_timeout") from None
        except BaseException:
            if helper.end() == Exit.TOO_SLOW:
                raise ImageRefused("image_decoder_timeout") from None
            raise
        self._give_back(helper)
        return found

    def _started(self) -> Helper:
        try:
            return Helper(self.command)
        except OSError:
            raise IntakeBusy from None

    def _give_back(self, helper: Helper) -> None:
        if helper.files >= FILES_PER_HELPER:
            helper.end()
            return
        with self._lock:
            self._idle.append(helper)

    def _taken(self) -> Helper | None:
        """Return an idle helper that is alive, None where there is none."""
        while True:
            with self._lock:
                helper = self._idle.pop() if self._idle else None
            if helper is None or helper.process.poll() is None:
                return helper
            helper.end()


def _environment() -> dict[str, str]:
    """Return all that a helper gets to know: where the code lies, and to use one thread."""
    return {
        "PYTHONPATH": str(SOURCE_ROOT),
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OPENCV_IO_MAX_IMAGE_PIXELS": "40000000",
        "OPENCV_LOG_LEVEL": "WARNING",
    }
