"""The people of the tests, a model that serves synthetic pictures, and small demands."""

from __future__ import annotations

from typing import Any

import pytest

from hemaqueue.registry.models import ModelVersion
from tests import factories
from tests.people import adam, clara, otto, tessa

__all__ = ["adam", "clara", "otto", "tessa"]

ENOUGH = 2


@pytest.fixture
def serving(db: None) -> ModelVersion:
    return factories.ModelVersionFactory()


@pytest.fixture(autouse=True)
def two_are_enough(settings: Any) -> None:
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"TRAINING_LABELS_PER_CLASS": ENOUGH}
