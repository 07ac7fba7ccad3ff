"""Neither rubbish nor a lost connection can stop a worker from consuming."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from kombu import Connection, Queue
from kombu.exceptions import OperationalError
from redis import Redis

from deploy.local.redis import Redis as Server
from jobcontract import transport
from jobcontract.environment import secret

NAME = "rubbish"
RUBBISH = [b"rubbish", b"\xff\x00", b"[]", b"7", b"{}", b'{"body": 7}', b'{"properties": 7}']


@pytest.mark.parametrize("raw", RUBBISH)
def test_rubbish_is_dropped_and_the_next_message_is_read(raw: bytes) -> None:
    transport.install()
    read: list[Any] = []

    def take(body: Any, message: Any) -> None:
        read.append(body)
        message.ack()

    with Connection(secret("REDIS_URL")) as connection:
        with Redis.from_url(secret("REDIS_URL")) as client:
            client.delete(NAME)
            client.lpush(NAME, raw)
        connection.Producer().publish({"number": 7}, routing_key=NAME, declare=[Queue(NAME)])
        with connection.Consumer([Queue(NAME)], callbacks=[take]):
            connection.drain_events(timeout=10)
    assert read == [{"number": 7}]


def _acknowledge(message: Any) -> None:
    message.ack()


def _refuse(message: Any) -> None:
    message.reject()


def _put_back(message: Any) -> None:
    message.requeue()


def _drain(connection: Connection, *, until: Callable[[], bool]) -> None:
    """Consume as Celery's loop does: a lost connection is tried again."""
    deadline = time.monotonic() + 10
    while not until() and time.monotonic() < deadline:
        with suppress(TimeoutError, *connection.connection_errors):
            connection.drain_events(timeout=1)
    assert until(), "nothing is consumed any more"


@pytest.mark.parametrize("answer", [_acknowledge, _refuse, _put_back])
def test_an_answer_that_a_lost_connection_swallows_does_not_stop_the_consumer(
    answer: Callable[[Any], None], own_redis: Server
) -> None:
    """A consumer with one message in hand at most, as the records worker is."""
    transport.install()
    taken: list[Any] = []
    with Connection(own_redis.url) as connection:
        producer = connection.Producer()
        producer.publish({"number": 1}, routing_key=NAME, declare=[Queue(NAME)])
        consumer = connection.Consumer([Queue(NAME)], callbacks=[lambda _, m: taken.append(m)])
        consumer.qos(prefetch_count=1)
        with consumer:
            connection.drain_events(timeout=10)
            own_redis.kill()
            with pytest.raises((*connection.connection_errors, OperationalError)):
                answer(taken.pop())
            own_redis.start()
            producer.publish({"number": 2}, routing_key=NAME)
            _drain(connection, until=lambda: bool(taken))
    assert taken[0].payload["number"] in {1, 2}
