"""What the tests of work in the background share: a worker's answers, and what was asked of it."""

from __future__ import annotations

from typing import Any

from hemaqueue.jobs.models import Job
from hemaqueue.jobs.services import jobs_finished
from hemaqueue.pipeline.steps import after_success
from hemaqueue.specimens.models import SmearImage
from jobcontract.names import Work
from tests import factories
from tests.hemaqueue.jobs.ledger import sent, success

SURE = {"benign": 0.97, "early_pre_b": 0.01, "pre_b": 0.01, "pro_b": 0.01}
DOUBT = {"benign": 0.05, "early_pre_b": 0.05, "pre_b": 0.86, "pro_b": 0.04}


def scored(**more: Any) -> SmearImage:
    """Return an image of which the version that serves said that it is benign."""
    image = factories.image(**more)
    factories.prediction(image, scores=SURE)
    return image


def asked(work: Work) -> list[Job]:
    """Return what was asked of the workers and is not answered yet."""
    return list(Job.objects.filter(work=work, finished_at=None).order_by("pk"))


def told(jobs: list[Job], scores: dict[str, float] = DOUBT) -> None:
    """Let a worker answer `scores` for every job."""
    label = max(scores, key=lambda code: scores[code])
    body = {"label": label, "scores": scores, "confidence": scores[label],
            "malignant": 1 - scores["benign"]}  # fmt: skip
    after_success(jobs_finished(sent(*jobs), [success(job, **body) for job in jobs]))
