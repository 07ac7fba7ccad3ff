"""kombu's Redis transport, but rubbish in a queue is dropped instead of ending the worker.

Whoever can write to Redis may put bytes there that are no message. kombu lets the error out of
its event loop, and Celery ends over it; each such message would cost a restart.
"""

from __future__ import annotations

import logging
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis

logger = logging.getLogger(__name__)

NO_MESSAGE = (ValueError, TypeError, KeyError, AttributeError)


class Channel(redis.Channel):
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
