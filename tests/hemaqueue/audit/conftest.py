"""The people of the tests."""

from __future__ import annotations

from tests.people import adam, clara, otto, tessa

__all__ = ["adam", "clara", "otto", "tessa"]
