"""What workers say of work that failed is told in the reader's language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

from hemaqueue.jobs.faults import FAULTS, fault_told
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import CRASH_SENTENCES
from jobcontract.image_refusals import REFUSALS

WORKERS = [Path("inference_worker"), Path("training_worker"), Path("platform/jobcontract")]
RAISED = re.compile(r'WorkFailed\(\s*"(\w+)"')
ASKED_FOR = {"cancelled"}
"""Nobody is told why work ended that somebody called off."""


def failed(code: str, detail: str) -> Job:
    return Job(error_code=code, error_detail=detail)


def test_every_code_that_a_worker_says_has_words() -> None:
    said = {code for root in WORKERS for file in root.rglob("*.py")
            for code in RAISED.findall(file.read_text())}  # fmt: skip
    assert {"file_missing", "split_overlap", "worker_error"} <= said, "the search finds them"
    assert said - FAULTS.keys() - REFUSALS.keys() == ASKED_FOR
    assert CRASH_SENTENCES.keys() <= FAULTS.keys()


@pytest.mark.parametrize("code", FAULTS)
def test_it_is_told_in_french(code: str) -> None:
    job = failed(code, "Something that no catalogue has: 17 of 4.")
    assert fault_told(job) == job.error_detail, "who reads English has all that is known"
    with translation.override("fr"):
        assert fault_told(job) == str(FAULTS[code])
        assert fault_told(job) != job.error_detail
    assert fault_told(job) == job.error_detail


@pytest.mark.parametrize(("code", "detail"), CRASH_SENTENCES.items())
def test_what_is_stored_is_what_its_code_says(code: str, detail: str) -> None:
    assert str(FAULTS[code]) == detail


def test_where_nothing_failed_nothing_is_told() -> None:
    assert fault_told(None) == ""
    with translation.override("fr"):
        assert fault_told(failed("", "")) == ""
        assert fault_told(failed("unheard_of", "As it is.")) == "As it is."
