"""Whether what the flow rests on is there: asked by supervisors, and by the status page."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from redis import Redis, RedisError

from hemaqueue.jobs.selectors import queue_truth
from hemaqueue.pipeline.dispatcher import news_is_heard
from hemaqueue.pipeline.proving import is_proved

PATIENCE_SECONDS = 2


def holds(check: Callable[[], bool]) -> bool:
    """Say whether a check is passed; what does not answer does not pass."""
    try:
        return check()
    except (DatabaseError, RedisError, OSError):
        return False


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def redis_answers() -> bool:
    limits = {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS}
    with Redis.from_url(settings.HEMAQUEUE["REDIS_URL"], **limits) as client:
        return bool(client.ping())


def inference_is_there() -> bool:
    return not queue_truth().is_paused


#: In the order in which one rests on another.
CHECKS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "redis": redis_answers,
    "news": news_is_heard,
    "inference": inference_is_there,
    "model": is_proved,
}
