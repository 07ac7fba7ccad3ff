"""The people of the tests, and a case that can be signed."""

from __future__ import annotations

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.specimens.models import Case
from tests import readings
from tests.people import adam, clara, otto, tessa

__all__ = ["adam", "clara", "otto", "tessa"]


@pytest.fixture
def case(clara: User) -> Case:
    """Two images, both read as suggested."""
    return readings.case_ready(by=clara, images=2, accession="BM-1")
