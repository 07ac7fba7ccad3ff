"""The people of the tests, and a model that serves synthetic pictures."""

from __future__ import annotations

import pytest

from hemaqueue.registry.models import ModelVersion
from tests import factories
from tests.people import adam, beate, clara, otto, tessa

__all__ = ["adam", "beate", "clara", "otto", "tessa"]


@pytest.fixture
def serving(db: None) -> ModelVersion:
    return factories.ModelVersionFactory()
