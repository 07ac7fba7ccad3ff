"""Having versions judged, and keeping what comes back. Steps like in steps.py."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

from hemaqueue.evaluations.models import Source
from hemaqueue.evaluations.services import evaluation_record
from hemaqueue.evaluations.subgroups import with_subgroups
from hemaqueue.pipeline.enqueue import BULK, Finished, enqueue
from hemaqueue.registry.models import ModelVersion
from hemaqueue.registry.selectors import model_reference
from hemaqueue.training.snapshots import manifest_seal
from jobcontract import storage
from jobcontract.judging import EvaluatedModel, EvaluateModel
from jobcontract.names import Work

if TYPE_CHECKING:
    from hemaqueue.jobs.models import Job
    from hemaqueue.training.models import TrainingRun


def candidate_judged(run: TrainingRun) -> Job | None:
    """Have what a run made judged beside the version it was made from, on the groups held out."""
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


def models_evaluated(finished: Finished) -> None:
    """Reports are here: keep each with its version. Of an unknown bundle nothing is kept."""
    for job, outcome in finished:
        key = EvaluatedModel.from_json(outcome.body).key
        for report in json.loads(storage.read(key)):
            version = ModelVersion.objects.filter(digest=report["digest"]).first()
            if version is not None:
                evaluation_record(
                    version,
                    report=with_subgroups(report, version=version),
                    source=Source.WORKER,
                    by=job.requested_by,
                )
        transaction.on_commit(partial(storage.remove, key))
