"""Waiting for PostgreSQL, without losing the news in hand."""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.db import connections


def until_the_database_is_back() -> Iterator[None]:
    """Yield for ever, with a growing pause and fresh connections in between."""
    pause = 0.2
    while True:
        yield
        connections.close_all()
        time.sleep(pause)
        pause = min(pause * 2, 5.0)
