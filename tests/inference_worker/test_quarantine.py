"""The quarantine queue has a worker while something waits there, and no longer."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from kombu import Connection
from redis import Redis

from inference_worker.quarantine import IDLE_SECONDS, Watcher, waiting
from jobcontract.environment import secret
from jobcontract.names import Queue, redis_lists

SLEEPER = (sys.executable, "-c", "import time; time.sleep(60)")


@pytest.fixture
def client() -> Iterator[Redis]:
    with Redis.from_url(secret("REDIS_URL")) as client:
        yield client
        client.delete(*redis_lists(Queue.QUARANTINE))


@pytest.fixture
def watcher(client: Redis) -> Iterator[Watcher]:
    watcher = Watcher(client, command=SLEEPER)
    yield watcher
    watcher.stop()


@pytest.mark.parametrize("priority", [0, 6, 9])
def test_a_message_of_any_priority_is_seen(client: Redis, priority: int) -> None:
    assert not waiting(client)
    with Connection(secret("REDIS_URL")) as connection:
        connection.SimpleQueue(Queue.QUARANTINE).put({}, priority=priority)
        assert waiting(client)


def test_the_worker_starts_when_something_waits(client: Redis, watcher: Watcher) -> None:
    watcher.look()
    assert not watcher.running
    client.rpush(Queue.QUARANTINE, "message")
    watcher.look()
    assert watcher.running


def test_a_worker_that_has_taken_the_last_message_is_left_to_end_by_itself(
    client: Redis, watcher: Watcher
) -> None:
    client.rpush(Queue.QUARANTINE, "message")
    watcher.look()
    client.delete(Queue.QUARANTINE)
    for _ in range(3):
        watcher.look()
    assert watcher.running


def test_the_worker_is_told_when_to_end_by_itself(client: Redis) -> None:
    says = "import os, sys; sys.exit(int(float(os.environ['HEMAQUEUE_IDLE_SECONDS'])))"
    watcher = Watcher(client, command=(sys.executable, "-c", says))
    client.rpush(Queue.QUARANTINE, "message")
    watcher.look()
    assert watcher._worker is not None
    assert watcher._worker.wait(30) == IDLE_SECONDS
