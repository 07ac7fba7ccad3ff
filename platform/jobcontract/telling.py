"""Sends signed news to the records worker."""

from __future__ import annotations

import logging
import time
from typing import Any

from celery import Celery
from kombu.exceptions import OperationalError
from redis import RedisError

from jobcontract import signing
from jobcontract.messages import Parcel, Tidings
from jobcontract.names import HEAR_NEWS, News, Queue, redis_priority

logger = logging.getLogger(__name__)


#: kombu wraps what Redis raises in its own OperationalError, which is no OSError.
BROKER_AWAY = (OperationalError, OSError, RedisError)


def news_of(parcel: Parcel, kind: News, **more: Any) -> Tidings:
    """Return news of a parcel: of all its tickets, where `more` does not name some."""
    whose: dict[str, Any] = {"tickets": parcel.tickets} | more
    return Tidings(kind=kind, parcel=parcel.id, urgent=parcel.urgent, **whose)


def tell(app: Celery, tidings: Tidings) -> None:
    """Send one piece of news; raise what the broker raises.

    What somebody waits for is heard first. A probe is not: it proves that all before it was heard.
    """
    app.send_task(
        HEAR_NEWS,
        kwargs={"letter": signing.sign(tidings.to_json(), salt=signing.Salt.NEWS)},
        queue=Queue.RECORDS,
        priority=redis_priority(urgent=tidings.urgent),
        ignore_result=True,
        retry=False,
    )


def tell_surely(app: Celery, tidings: Tidings, *, patience: float) -> bool:
    """Send one piece of news, trying again for `patience` seconds while Redis is away."""
    give_up = time.monotonic() + patience
    pause = 0.2
    while True:
        try:
            tell(app, tidings)
        except BROKER_AWAY as error:
            logger.warning("News %s was not sent: %s", tidings.kind, type(error).__name__)
        else:
            return True
        if time.monotonic() > give_up:
            return False
        time.sleep(pause)
        pause = min(pause * 2, 5.0)
