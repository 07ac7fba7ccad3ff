"""Serves the quarantine queue on demand: `python -m inference_worker.quarantine`.

A small watcher without TensorFlow. When messages wait there it starts one Celery worker with
one child, which is replaced after every message. The worker ends itself when it had nothing in
hand for IDLE_SECONDS: only it knows. An empty list may mean that it waits for its child, or that
its picture hangs; ended then, it would give back what must be counted as a crash.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from types import FrameType

from redis import Redis, RedisError

from jobcontract import hands
from jobcontract.environment import secret
from jobcontract.names import Queue, redis_lists
from jobcontract.processes import die_with_parent

logger = logging.getLogger(__name__)

EVERY_SECONDS = 2.0
IDLE_SECONDS = 30.0
STOP_SECONDS = 60.0

COMMAND = (
    *(sys.executable, "-m", "celery", "-A", "inference_worker.app", "worker"),
    *("-Q", Queue.QUARANTINE, "-n", "quarantine@%h", "-P", "prefork", "-c", "1"),
    *("--max-tasks-per-child", "1", "--loglevel", "INFO"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
)


def waiting(client: Redis) -> bool:
    return any(client.llen(key) for key in redis_lists(Queue.QUARANTINE))


class Watcher:
    """Starts the worker when something waits and none is there."""

    def __init__(self, client: Redis, *, command: tuple[str, ...] = COMMAND) -> None:
        self._client, self._command = client, command
        self._worker: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        return self._worker is not None and self._worker.poll() is None

    def look(self) -> None:
        """Start the worker where the queue has something for it."""
        if not self.running and waiting(self._client):
            self._start()

    def _start(self) -> None:
        logger.info("Something waits in quarantine: a worker is started")
        self._worker = subprocess.Popen(
            self._command,
            preexec_fn=die_with_parent,
            env=os.environ | {hands.IDLE: str(IDLE_SECONDS)},
        )

    def stop(self) -> None:
        """Let the worker finish its message, then see it end."""
        if self._worker is None:
            return
        self._worker.terminate()
        try:
            self._worker.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._worker.kill()
            self._worker.wait()
        self._worker = None


def main() -> int:
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "INFO"))
    asked_to_end = threading.Event()

    def end(_: int, __: FrameType | None) -> None:
        asked_to_end.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    watcher = Watcher(Redis.from_url(secret("REDIS_URL"), socket_timeout=5))
    while not asked_to_end.wait(EVERY_SECONDS):
        try:
            watcher.look()
        except RedisError as error:
            logger.warning("Redis was not reached: %s", type(error).__name__)
    watcher.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
