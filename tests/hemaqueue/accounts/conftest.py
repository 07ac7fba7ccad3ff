"""The people of the tests; attempts to log in are counted anew for each test."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from tests.people import adam, clara, otto, tessa

__all__ = ["adam", "clara", "otto", "tessa"]


@pytest.fixture(autouse=True)
def attempts_forgotten() -> None:
    cache.clear()
