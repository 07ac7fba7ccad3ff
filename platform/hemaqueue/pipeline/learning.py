"""Data sets, snapshots and training runs. Steps like in steps.py."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

from hemaqueue.accounts.selectors import require_installation
from hemaqueue.audit.services import audit_record
from hemaqueue.jobs.asking import job_cancel, job_retry
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.refusals import JobAskedAlready, JobNotRetryable
from hemaqueue.jobs.states import RETRYABLE
from hemaqueue.pipeline.calling_off import parcel_stop
from hemaqueue.pipeline.enqueue import BULK, Finished, enqueue
from hemaqueue.pipeline.judging import candidate_judged
from hemaqueue.registry.selectors import model_reference
from hemaqueue.specimens.archives import archive_discard
from hemaqueue.training.datasets import (
    NoArchive,
    Progress,
    dataset_begin,
    dataset_discard,
    dataset_import,
    dataset_look_over,
)
from hemaqueue.training.extending import frozen_draw
from hemaqueue.training.files import archive_files
from hemaqueue.training.lessons import Sources
from hemaqueue.training.models import Dataset, DatasetSnapshot, FrozenAddition, TrainingRun
from hemaqueue.training.selectors import run_get, run_live
from hemaqueue.training.services import (
    Order,
    run_finish,
    run_open,
    run_progressed,
    training_lock,
)
from hemaqueue.training.snapshots import (
    frozen_seal,
    manifest_seal,
    require_usable,
    snapshot_freeze,
)
from jobcontract import messages
from jobcontract.names import Work

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User
    from hemaqueue.specimens.receiving import SealedArchive

NO_FILE = messages.SealedFile(key="", data_key="")


@transaction.atomic
def training_requested(order: Order, *, by: User) -> TrainingRun:
    """An administrator wants a version trained: on what was confirmed, or on a snapshot.

    Asking again while a run goes on brings that run.
    """
    require_installation(by)
    training_lock(order.kind)
    if running := run_live(order.kind):
        return running
    run = run_open(order, by=by)
    asked = messages.FineTuneModel(
        manifest=manifest_seal(run.snapshot),
        output_prefix=f"candidates/{run.pk.hex}",
        epochs=run.epochs,
        seed=run.seed,
        network=run.network,
        settings=run.settings,
        frozen=frozen_seal(order.kind) or NO_FILE,
        base=run.base.name,
    )
    base = model_reference(run.base)
    run.job = enqueue(
        Work.FINE_TUNE_MODEL, asked, subject=run.pk, site=None, by=by, model=base, priority=BULK
    )
    run.save(update_fields=["job"])
    return run


@transaction.atomic
def training_called_off(run: TrainingRun, *, by: User) -> TrainingRun:
    """An administrator does not want a run any more; its worker stops within a second or two."""
    require_installation(by)
    if run.job:
        audit_record("training.cancel", by=by, about=run)
        parcel_stop(job_cancel(run.job, by=by))
    return run_get(run.pk)


@transaction.atomic
def training_asked_again(run: TrainingRun, *, by: User) -> TrainingRun:
    """An administrator wants another try of a run that failed: it goes on where its worker can.

    Raises:
        JobNotRetryable: it did not fail.
        JobAskedAlready: another run for the same kind of image goes on.
        SplitOverlap, LabelsWithdrawn, FrozenTouched, LabelsContradicted: its snapshot may not be
            learned from any more.
    """
    require_installation(by)
    if run.job is None:
        raise JobNotRetryable
    training_lock(run.snapshot.kind)
    if run_live(run.snapshot.kind):
        raise JobAskedAlready
    require_usable(run.snapshot)
    audit_record("training.retry", by=by, about=run)
    job_retry(run.job, by=by)
    return run_get(run.pk)


def snapshot_wanted(kind: str, *, sources: Sources, by: User) -> DatasetSnapshot:
    """An administrator freezes labels as they stand now.

    Raises:
        Missing, EmptySnapshot, SplitOverlap: see `snapshot_freeze`.
    """
    require_installation(by)
    return snapshot_freeze(kind, by=by, sources=sources)


def frozen_wanted(
    kind: str, *, sources: Sources, percent: int, reason: str, by: User
) -> FrozenAddition:
    """An administrator keeps groups for judging, for good. Raises what `frozen_draw` raises."""
    return frozen_draw(kind, sources=sources, percent=percent, reason=reason, by=by)


def models_progressed(jobs: Sequence[Job], *, curve: list[dict[str, float]]) -> None:
    """A run tells of its epochs: keep them where the next attempt does not wipe them."""
    for job in jobs:
        run_progressed(job.subject, curve=curve)


def models_fine_tuned(finished: Finished) -> None:
    """A run has ended: what it made becomes a candidate. Nothing promotes itself."""
    runs = TrainingRun.objects.select_related("base").in_bulk([job.subject for job, _ in finished])
    for job, outcome in finished:
        run = runs[job.subject]
        run_finish(run, trained=messages.TrainedModel.from_json(outcome.body))
        run.refresh_from_db()
        candidate_judged(run)


def dataset_received(file: SealedArchive, *, by: User, **said: str) -> Dataset:
    """A ZIP lies sealed in the store: look it over. It stays there until it is imported.

    Raises:
        Missing, NameMissing, NoPictures: see `dataset_look_over`.
        UnsafeArchive, ArchiveTooLarge, UnsupportedArchive, EmptyArchive: see `zips`.
    """
    size = file.size or 0
    with archive_files(file.archive, size=size) as files:
        found = dataset_look_over(files, size=size, by=by, pk=file.archive, **said)
    file.kept = True
    return found


@transaction.atomic
def dataset_thrown_away(dataset: Dataset, *, by: User) -> None:
    """Somebody does not want a set that was only looked over. Raises Missing, ImportBegan."""
    dataset_discard(dataset, by=by)
    transaction.on_commit(partial(archive_discard, dataset.pk))


@transaction.atomic
def dataset_wanted(dataset: Dataset, *, names: dict[str, str] | None, by: User) -> Dataset:
    """An administrator wants a set that was looked over; its pictures come in the background.

    An import that failed is tried again, with the names that it began with.

    Raises:
        Missing, ImportBegan, UnknownClass: see `dataset_begin`.
        NoArchive: it was looked over in a folder.
    """
    if dataset.from_folder:
        raise NoArchive
    if dataset.job and dataset.job.state in RETRYABLE:
        require_installation(by)
        audit_record("dataset.import", by=by, about=dataset, kind=dataset.kind)
        job_retry(dataset.job, by=by)
        return dataset
    dataset = dataset_begin(dataset, names=names, by=by)
    body = messages.ImportDataset(dataset=str(dataset.pk))
    dataset.job = enqueue(
        Work.IMPORT_DATASET, body, subject=dataset.pk, site=None, by=by, priority=BULK
    )
    dataset.save(update_fields=["job"])
    return dataset


def dataset_unpack(dataset: Dataset, *, progress: Progress) -> None:
    """Import from the archive that lies in the store; see `dataset_import`."""
    with archive_files(dataset.pk, size=dataset.bytes) as files:
        dataset_import(dataset, files, progress=progress)


def datasets_imported(finished: Finished) -> None:
    """A data set is here, whole: its archive is not needed any more."""
    for job, _ in finished:
        transaction.on_commit(partial(archive_discard, job.subject))
