"""A case with a result, one that failed, and a decision; its report, not yet rendered."""

from __future__ import annotations

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.reports.models import Report
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.reviews.services import Verdict, decision_record
from hemaqueue.specimens.models import Case
from tests import factories, readings
from tests.people import adam, clara, otto, tessa

__all__ = ["adam", "clara", "otto", "tessa"]

HOSTILE = '<img src="http://127.0.0.1:1/x"><script>alert(1)</script>{{ 7|add:"7" }}'


@pytest.fixture
def case(db: None) -> Case:
    return factories.CaseFactory(accession="BM-1", patient="P-7")


@pytest.fixture
def report(case: Case, clara: User) -> Report:
    read = factories.image(case=case)
    factories.prediction(read)
    decision_record(
        read,
        verdict=Verdict(
            choice="label", label="pre_b", reason="other", note=HOSTILE, stamp=review_stamp(read)
        ),
        by=clara,
    )
    failed = factories.image(case=case)
    factories.job(about=failed, state="failed", error_code="x", error_detail="It broke.")
    made: Report = Report.objects.create(case=case, revision=1, requested_by=clara)
    made.refresh_from_db()
    return made


@pytest.fixture
def signed(clara: User) -> Case:
    case = readings.case_ready(by=clara, images=2, accession="BM-1", patient="P-7")
    readings.signature(case, by=clara)
    return case
