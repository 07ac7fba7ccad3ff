"""What the tests of training share: images about which a clinician decided."""

from __future__ import annotations

from typing import Any

from hemaqueue.accounts.models import User
from hemaqueue.jobs.states import JobState
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.reviews.services import Verdict, decision_record
from hemaqueue.specimens.models import SmearImage
from hemaqueue.training.models import DatasetSnapshot, TrainingRun
from jobcontract.names import Queue, Work
from tests import factories


def decide(image: SmearImage, label: str, *, by: User) -> None:
    verdict = Verdict(choice="label", label=label, stamp=review_stamp(image))
    decision_record(image, verdict=verdict, by=by)


def confirmed(label: str, *, by: User, **more: Any) -> SmearImage:
    """Return an image of a patient of its own that `by` gave `label`."""
    image = factories.image(**more)
    decide(image, label, by=by)
    return image


def confirm_enough(*, by: User, per_class: int = 2) -> list[SmearImage]:
    return [confirmed(code, by=by) for code in factories.CLASSES for _ in range(per_class)]


def a_run(
    *, by: User, state: str = JobState.QUEUED, kind: str = "synthetic", **job: Any
) -> TrainingRun:
    """Return a run on an empty snapshot, as it stands in `state`."""
    snapshot = DatasetSnapshot.objects.create(
        kind=kind, digest="0" * 64, counts={"benign": 5}, made_by=by
    )
    run: TrainingRun = TrainingRun.objects.create(
        snapshot=snapshot, base=factories.ModelVersionFactory(), epochs=5, requested_by=by
    )
    asked: dict[str, Any] = {
        "work": Work.FINE_TUNE_MODEL, "queue": Queue.TRAINING, "subject": run.pk, "site": None,
    }  # fmt: skip
    run.job = factories.job(about=factories.image(), state=state, **(asked | job))
    run.save()
    return run


def learned(*, by: User, network: str = "", seconds: float = 50.0) -> TrainingRun:
    """Return a run that is over: 5 epochs on 5 images, in so many seconds."""
    run = a_run(by=by, state=JobState.SUCCEEDED)
    curve = [{"epoch": 5, "seconds": seconds}]
    TrainingRun.objects.filter(pk=run.pk).update(network=network, curve=curve)
    return run
