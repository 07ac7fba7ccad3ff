"""kombu's Redis transport with two faults mended, either of which stops a worker.

Whoever can write to Redis may put bytes there that are no message. kombu lets the error out of
its event loop, and Celery ends over it; each such message would cost a restart. Here such bytes
are dropped.

And an acknowledgement that a lost connection swallows keeps its place among the messages in hand
for ever: kombu frees it only when Redis has answered. A worker of one process has one place; it
then sends no BRPOP, so that it never sees its connection break, and consumes nothing until
somebody restarts it. Here the place is free whatever becomes of the acknowledgement. The message
itself stays in Redis, comes again after the visibility timeout, and the ledger's fence drops it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis

logger = logging.getLogger(__name__)

NO_MESSAGE = (ValueError, TypeError, KeyError, AttributeError)


class QoS(redis.QoS):
    _quick_ack: Callable[[str], None]

    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)
        finally:
            self._quick_ack(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        try:
            super().reject(delivery_tag, requeue=requeue)
        finally:
            self._quick_ack(delivery_tag)


class Channel(redis.Channel):
    QoS = QoS

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)  # type: ignore[misc]
        except NO_MESSAGE as error:
            logger.warning("What is no message is dropped: %s", type(error).__name__)
            raise Empty from error


class Transport(redis.Transport):
    Channel = Channel


def install() -> None:
    """Serve `redis://` addresses with this transport."""
    TRANSPORT_ALIASES["redis"] = f"{__name__}:{Transport.__name__}"
