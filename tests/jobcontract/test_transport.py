"""Bytes that are no message cannot stop a worker."""

from __future__ import annotations

import json
from collections.abc import Iterator
from queue import Empty

import pytest
from kombu import Connection
from redis import Redis

from jobcontract import celeryconfig
from jobcontract.environment import secret
from jobcontract.transport import Channel

QUEUE = "rubbish"
RUBBISH = [b"rubbish", b"\xff\x00", b"[]", b"7", b"{}", b'{"body": 7}', b'{"properties": 7}']


@pytest.fixture
def channel() -> Iterator[Channel]:
    assert celeryconfig.COMMON  # reading the configuration installs the transport
    with Connection(secret("REDIS_URL")) as connection:
        yield connection.channel()


@pytest.mark.parametrize("raw", RUBBISH)
def test_rubbish_is_dropped_and_the_next_message_is_read(channel: Channel, raw: bytes) -> None:
    read = []
    channel.connection._callbacks[QUEUE] = lambda message: read.append(message)
    body = json.dumps({"body": "", "properties": {"delivery_tag": "1"}})
    with Redis.from_url(secret("REDIS_URL")) as client:
        client.delete(QUEUE)
        client.lpush(QUEUE, raw, body)
    channel._active_queues.append(QUEUE)
    channel._update_queue_cycle()
    for _ in range(2):
        channel._brpop_start()
        try:
            channel._brpop_read()
        except Empty:
            continue
    assert json.loads(body) in read
