"""What somebody who can write to Redis may do: repeat messages, forge them, send rubbish."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import uuid
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING, Any

import psycopg2
from itsdangerous import Serializer
from redis import Redis, RedisError

from jobcontract.names import HEAR_NEWS, Queue, Work

if TYPE_CHECKING:
    from tests.chaos.system import System

BULK = "\x06\x166"
LISTS = [key for queue in Queue for key in (queue.value, queue.value + BULK)]
UNACKED = ("unacked", "records.unacked")
DOORS = ((HEAR_NEWS, Queue.RECORDS), (Work.CLASSIFY_SMEARS, Queue.INFERENCE))
SIGNED_BY = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
KEPT = 400
EVERY = 0.05


class Recorder:
    """Writes down what passes through Redis, so that it can be sent again."""

    def __init__(self) -> None:
        self.seen: dict[bytes, str] = {}
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, redis: Redis) -> None:
        self._thread = threading.Thread(target=self._run, args=(redis,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._end.set()
        if self._thread:
            self._thread.join(5)

    def _run(self, redis: Redis) -> None:
        with redis:
            while not self._end.wait(EVERY):
                with suppress(RedisError):
                    self._look(redis)

    def _look(self, redis: Redis) -> None:
        for key in LISTS:
            for raw in redis.lrange(key, 0, 9):  # type: ignore[union-attr]
                self._keep(raw, key)
        for key in UNACKED:
            for raw in redis.hvals(key)[:10]:  # type: ignore[index]
                message, _, queue = json.loads(raw)
                self._keep(json.dumps(message).encode(), queue)

    def _keep(self, raw: bytes, key: str) -> None:
        if len(self.seen) > KEPT:
            del self.seen[next(iter(self.seen))]
        self.seen[raw] = key


def repeat(system: System, chance: Random) -> str:
    """Put old messages into their queues again: work that was done, news that was told."""
    seen = list(system.recorder.seen.items())
    some = chance.sample(seen, min(len(seen), 40))
    with suppress(RedisError), system.redis() as redis:
        for raw, key in some:
            redis.lpush(key, raw)
    return f"{len(some)} messages"


def forge(system: System, chance: Random) -> str:
    """Orders with a wrong signature, orders of the wrong shape, and bytes that are no message."""
    letters: list[tuple[str, Any]] = [
        ("letter", chance.choice(("", "no letter", '{"kind": "finished"}.c2lnbmF0dXJl'))),
        ("letter", {"kind": "finished"}),
        ("other", 7),
    ]
    with suppress(RedisError, psycopg2.Error), system.redis() as redis:
        for name, value in letters:
            for task, queue in (
                (HEAR_NEWS, Queue.RECORDS),
                (Work.CLASSIFY_SMEARS, Queue.INFERENCE),
            ):
                redis.lpush(queue.value, envelope(task, queue, {name: value}))
        for letter in false_news(system, chance):
            redis.lpush(Queue.RECORDS.value, envelope(HEAR_NEWS, Queue.RECORDS, {"letter": letter}))
        redis.lpush(Queue.RECORDS.value, envelope("no.such.task", Queue.RECORDS, {}))
        redis.lpush(Queue.INFERENCE.value, b'{"body": 7}', b"\xff\x00 rubbish", b"[]")
        redis.lpush(Queue.RECORDS.value, b"rubbish", b"{}")
    return "orders and news with a wrong signature, and rubbish"


def false_news(system: System, chance: Random) -> list[str]:
    """Say of jobs in hand that they failed: all is right, down to the parcel, but the key."""
    found = system.rows(
        "SELECT id::text, attempt, message::text FROM jobs_job WHERE state IN ('sent', 'running')"
    )
    forger = Serializer("not the key", salt="hemaqueue.news", signer_kwargs=SIGNED_BY)
    return [
        str(forger.dumps({
            "kind": "finished",
            "parcel": parcel,
            "outcomes": [{"job": job, "attempt": attempt, "ok": False, "code": "forged"}],
        }))
        for job, attempt, parcel in chance.sample(found, min(len(found), 20))
    ]  # fmt: skip


def envelope(task: str, queue: str, kwargs: dict[str, Any]) -> bytes:
    """Return a message as Celery and kombu write it."""
    id = str(uuid.uuid4())
    body = base64.b64encode(json.dumps([[], kwargs, {}]).encode()).decode()
    return json.dumps({
        "body": body,
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {"lang": "py", "task": task, "id": id, "root_id": id, "argsrepr": "()"},
        "properties": {
            "correlation_id": id, "delivery_mode": 2, "delivery_tag": str(uuid.uuid4()),
            "delivery_info": {"exchange": "", "routing_key": queue}, "priority": 0,
            "body_encoding": "base64",
        },
    }).encode()  # fmt: skip
