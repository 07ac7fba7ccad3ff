"""Having versions judged, and keeping what comes back. Steps like in steps.py."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hemaqueue.accounts.selectors import require_installation
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict
from hemaqueue.evaluations.models import Source
from hemaqueue.evaluations.services import evaluation_record
from hemaqueue.evaluations.subgroups import with_subgroups
from hemaqueue.jobs.models import Job
from hemaqueue.pipeline.enqueue import BULK, Finished, enqueue
from hemaqueue.registry.models import ModelVersion
from hemaqueue.registry.selectors import model_reference, models_serving
from hemaqueue.training.frozen_test import frozen_version
from hemaqueue.training.pictures import picture_traits
from hemaqueue.training.services import training_lock
from hemaqueue.training.snapshots import frozen_seal, manifest_seal, snapshot_behind
from jobcontract import storage
from jobcontract.judging import NO_FILE, EvaluatedModel, EvaluateModel
from jobcontract.names import Work
from jobcontract.splits import FROZEN

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User
    from hemaqueue.training.models import TrainingRun


class NoTestSet(Conflict):
    """Nothing is kept for judging of this kind of image. Let the frozen test set grow first."""

    code = "no_test_set"


class JudgingGoesOn(Conflict):
    """This version is being judged. Wait for its end."""

    code = "judging_goes_on"


def candidate_judged(run: TrainingRun) -> Job | None:
    """Have what a run made judged beside the version its run began with, on the groups held out."""
    if run.candidate is None:
        return None
    asked = EvaluateModel(
        manifest=manifest_seal(run.snapshot),
        output_prefix="evaluations",
        name=f"Snapshot {run.snapshot.digest[:12]}, held out",
        seed=run.seed,
        against=model_reference(run.base).to_json(),
    )
    return enqueue(
        Work.EVALUATE_MODEL,
        asked,
        subject=run.candidate.pk,
        site=None,
        by=run.requested_by,
        model=model_reference(run.candidate),
        priority=BULK,
    )


@transaction.atomic
def version_judged(version: ModelVersion, *, by: User) -> Job:
    """An administrator wants a version judged on the frozen test set, beside the one that serves.

    What the version learned from, else the newest snapshot of its kind, teaches the colour-only
    baseline.

    Raises:
        Missing: `by` does not run the installation.
        NoTestSet: nothing was kept for judging.
        JudgingGoesOn: it is being judged on something already.
    """
    require_installation(by)
    training_lock(version.image_kind)
    live = Job.objects.filter(subject=version.pk, work=Work.EVALUATE_MODEL, finished_at=None)
    if live.exists():
        raise JudgingGoesOn
    kept = frozen_seal(version.image_kind)
    if kept is None:
        raise NoTestSet
    taught = snapshot_behind(version)
    asked = EvaluateModel(
        manifest=kept,
        output_prefix="evaluations",
        name=f"Frozen test set {frozen_version(version.image_kind)}",
        whole=True,
        against=_beside(version),
        split=FROZEN,
        taught=manifest_seal(taught) if taught else NO_FILE,
    )
    audit_record("evaluation.request", by=by, about=version)
    return enqueue(
        Work.EVALUATE_MODEL,
        asked,
        subject=version.pk,
        site=None,
        by=by,
        model=model_reference(version),
        priority=BULK,
    )


def _beside(version: ModelVersion) -> dict[str, Any]:
    """Return the reference of the version that serves, {} where it is this one or there is none."""
    serving = models_serving().filter(image_kind=version.image_kind).exclude(pk=version.pk).first()
    return model_reference(serving).to_json() if serving else {}


def models_evaluated(finished: Finished) -> None:
    """Reports are here: keep each with its version. Of an unknown bundle nothing is kept."""
    for job, outcome in finished:
        key = EvaluatedModel.from_json(outcome.body).key
        for report in json.loads(storage.read(key)):
            version = ModelVersion.objects.filter(digest=report["digest"]).first()
            if version is not None:
                evaluation_record(
                    version,
                    report=with_subgroups(report, version=version, imported=_imported(report)),
                    source=Source.WORKER,
                    by=job.requested_by,
                )
        transaction.on_commit(partial(storage.remove, key))


def _imported(report: dict[str, Any]) -> dict[str, dict[str, str]]:
    return picture_traits([row["sha256"] for row in report.get("pictures", [])])
