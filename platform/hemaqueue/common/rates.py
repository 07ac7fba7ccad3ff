"""How often one person may ask: counted in Redis by the minute, and open while Redis is away.

A limit protects the service from a script gone wrong, not patients from anybody: what it fails to
count is served. Logins are counted elsewhere, in the database, and stay closed (axes).
"""

from __future__ import annotations

import time
from functools import cache

from django.conf import settings
from redis import Redis, RedisError

MINUTE = 60
PATIENCE = 0.2
LEFT_ALONE = 5.0

_away_until = 0.0


def rate_wait(kind: str, *, who: object) -> int:
    """Count one request of `who`; return the seconds to wait, 0 where it is within the limit."""
    limit = settings.HEMAQUEUE["RATES"].get(kind)
    if limit is None:
        return 0
    now = time.time()
    if _counted(f"rate:{kind}:{who}:{int(now) // MINUTE}") <= limit:
        return 0
    return MINUTE - int(now) % MINUTE


def _counted(key: str) -> int:
    """Return how often `key` was counted; 0 while Redis does not answer, asked again in 5 s."""
    global _away_until
    if time.monotonic() < _away_until:
        return 0
    try:
        with _redis(settings.HEMAQUEUE["REDIS_URL"]).pipeline() as both:
            both.incr(key)
            both.expire(key, 2 * MINUTE)
            return int(both.execute()[0])
    except (RedisError, OSError):
        _away_until = time.monotonic() + LEFT_ALONE
        return 0


@cache
def _redis(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
