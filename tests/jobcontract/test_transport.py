"""Bytes that are no message cannot stop a worker."""

from __future__ import annotations

from typing import Any

import pytest
from kombu import Connection, Queue
from redis import Redis

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
