"""A laboratory with two images that were read, and somebody who tries to be a formula."""

from __future__ import annotations

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.specimens.models import Batch, Case
from tests import factories, readings
from tests.people import adam, clara, otto, tessa

__all__ = ["adam", "clara", "otto", "tessa"]

FORMULA = '=HYPERLINK("http://127.0.0.1:1/","x")'


@pytest.fixture
def batch(db: None) -> Batch:
    made: Batch = factories.BatchFactory()
    return made


@pytest.fixture
def case(batch: Batch, clara: User) -> Case:
    made: Case = factories.CaseFactory(accession="BM-1", patient=FORMULA)
    for number, choice in enumerate(("early_pre_b", "pro_b")):
        image = factories.image(case=made, batch=batch, filename=f"+{number}.png")
        factories.prediction(image, flags=("uncertain",) if number else ())
        readings.decision(image, by=clara, choice=choice)
    return made
