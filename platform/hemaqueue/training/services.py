"""Freezing what is learned from, opening runs, and taking in what comes back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.db import connection, transaction

from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Refused
from hemaqueue.registry.models import ModelVersion
from hemaqueue.registry.selectors import model_classes, model_serving
from hemaqueue.registry.services import bundle_adopt
from hemaqueue.training.material import Material, manifest_digest, material
from hemaqueue.training.models import DatasetSnapshot, SnapshotImage, TrainingRun
from hemaqueue.training.selectors import training_preview
from jobcontract import sealing
from jobcontract.messages import SealedFile, TrainedModel, TrainingImage

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


class TooFewLabels(Refused):
    """Too little was confirmed to learn from."""

    code = "too_few_labels"


@transaction.atomic
def snapshot_freeze(kind: str, *, by: User) -> DatasetSnapshot:
    """Write down what a run of this moment learns from: images, labels, groups, exclusions."""
    classes = model_classes(model_serving(kind))
    return _written(material(kind, classes=classes), kind=kind, classes=classes, by=by)


def _written(found: Material, *, kind: str, classes: list[str], by: User) -> DatasetSnapshot:
    labels = [one.label for one in found.lessons]
    snapshot = DatasetSnapshot.objects.create(
        kind=kind,
        digest=manifest_digest(found.lessons),
        counts={code: labels.count(code) for code in classes},
        exclusions=[{"image": str(one.image), "reason": one.reason} for one in found.exclusions],
        made_by=by,
    )
    SnapshotImage.objects.bulk_create(
        SnapshotImage(
            snapshot=snapshot,
            image_id=one.image,
            confirmed_id=one.confirmed,
            label=one.label,
            group=one.group,
            sha256=one.sha256,
        )
        for one in found.lessons
    )
    audit_record("snapshot.create", by=by, about=snapshot, images=len(labels))
    return snapshot


def training_lock(kind: str) -> None:
    """Let one transaction at a time decide whether a run for `kind` begins."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"training {kind}"])


@transaction.atomic
def run_open(kind: str, *, by: User, epochs: int) -> TrainingRun:
    """Open a run from the serving version on what is confirmed now.

    Raises:
        NoModelServes: there is nothing to start from.
        TooFewLabels: the preview says why.
    """
    preview = training_preview(kind)
    if not preview.may_start:
        raise TooFewLabels(preview.obstacle)
    snapshot = snapshot_freeze(kind, by=by)
    run = TrainingRun.objects.create(
        snapshot=snapshot, base=preview.serving, epochs=epochs, requested_by=by
    )
    audit_record("training.request", by=by, about=run, snapshot=str(snapshot.pk), epochs=epochs)
    return run


def manifest_seal(snapshot: DatasetSnapshot) -> SealedFile:
    """Store the snapshot for the worker, encrypted: it holds the data keys of its pictures."""
    rows = snapshot.images.select_related("image").order_by("image_id")
    values = [
        TrainingImage(
            image=sealing.shared_file(row.image.key),
            label=row.label,
            group=row.group,
            sha256=row.sha256,
        ).to_json()
        for row in rows
    ]
    return sealing.write_sealed(f"snapshots/{snapshot.pk.hex}", json.dumps(values).encode())


def run_finish(run: TrainingRun, *, trained: TrainedModel) -> None:
    """Register what a run made as a candidate; what does not hold is noted, not registered."""
    try:
        with transaction.atomic():
            candidate = bundle_adopt(
                trained.bundle_key,
                digest=trained.digest,
                name=_next_name(run.base),
                parent=run.base,
            )
    except Refused as refusal:
        TrainingRun.objects.filter(pk=run.pk).update(fault=refusal.detail[:300])
        return
    TrainingRun.objects.filter(pk=run.pk).update(
        candidate=candidate, metrics=candidate.facts.get("metrics", {})
    )


def _next_name(base: ModelVersion) -> str:
    count = ModelVersion.objects.filter(image_kind=base.image_kind).count()
    return f"{base.network}-{base.image_kind}-{count + 1}"
