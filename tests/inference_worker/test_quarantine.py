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


def test_the_worker_starts_when_something_waits_and_ends_when_nothing_does(
    client: Redis, watcher: Watcher
) -> None:
    watcher.look(now=0.0)
    assert not watcher.running
    client.rpush(Queue.QUARANTINE, "message")
    watcher.look(now=1.0)
    assert watcher.running
    client.delete(Queue.QUARANTINE)
    watcher.look(now=IDLE_SECONDS)
    assert watcher.running
    watcher.look(now=2 + IDLE_SECONDS)
    assert not watcher.running
