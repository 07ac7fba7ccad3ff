"""Opening runs, following them, and taking in what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction

from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Refused
from hemaqueue.registry.models import ModelVersion
from hemaqueue.registry.services import bundle_adopt
from hemaqueue.training.models import DatasetSnapshot, TrainingRun
from hemaqueue.training.networks import NETWORKS
from hemaqueue.training.selectors import run_base, snapshot_obstacle, training_preview
from hemaqueue.training.snapshots import (
    manifest_seal,
    require_usable,
    snapshot_freeze,
    snapshot_get,
)

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User
    from jobcontract.messages import TrainedModel

__all__ = ["Order", "manifest_seal", "run_finish", "run_open", "run_progressed", "training_lock"]


class TooFewLabels(Refused):
    """Too little was confirmed to learn from."""

    code = "too_few_labels"


class UnknownNetwork(Refused):
    """There is no network of this name to train here."""

    code = "unknown_network"


@dataclass(frozen=True)
class Order:
    """What somebody wants trained.

    Without a `network` the serving version goes on learning; with one it starts from nothing.
    Without a `snapshot`, what is confirmed now is frozen. `changes` of the network's recipe:
    learning_rate, batch_size, input_size, patience.
    """

    kind: str
    epochs: int
    network: str = ""
    snapshot: UUID | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    seed: int = 0


def training_lock(kind: str) -> None:
    """Let one transaction at a time decide whether a run for `kind` begins."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"training {kind}"])


@transaction.atomic
def run_open(order: Order, *, by: User) -> TrainingRun:
    """Open a run on a snapshot, or on what is confirmed now.

    Raises:
        NothingGoesOn: no version serves, and no network was named.
        NothingToCompare: a network from nothing has nothing to be compared with.
        UnknownNetwork: the network cannot be trained here.
        TooFewLabels: the preview says why.
        SplitOverlap, LabelsWithdrawn, FrozenTouched, LabelsContradicted: the snapshot may not be
            learned from.
    """
    if order.network and order.network not in NETWORKS:
        raise UnknownNetwork
    base = run_base(order.kind, network=order.network)
    snapshot = _snapshot(order, by=by)
    run = TrainingRun.objects.create(
        snapshot=snapshot,
        base=base,
        network=order.network,
        settings=order.changes,
        epochs=order.epochs,
        seed=order.seed,
        requested_by=by,
    )
    audit_record(
        "training.request",
        by=by,
        about=run,
        snapshot=str(snapshot.pk),
        epochs=order.epochs,
        network=order.network,
    )
    return run


def _snapshot(order: Order, *, by: User) -> DatasetSnapshot:
    if order.snapshot is None:
        preview = training_preview(order.kind)
        if not preview.may_start:
            raise TooFewLabels(preview.obstacle)
        return snapshot_freeze(order.kind, by=by)
    snapshot = snapshot_get(order.snapshot)
    if why := snapshot_obstacle(snapshot, kind=order.kind):
        raise TooFewLabels(why)
    require_usable(snapshot)
    return snapshot


def run_progressed(pk: UUID, *, curve: list[dict[str, float]]) -> None:
    """Keep the epochs so far: they outlive the attempt that told of them."""
    TrainingRun.objects.filter(pk=pk).update(curve=curve)


def run_finish(run: TrainingRun, *, trained: TrainedModel) -> None:
    """Register what a run made as a candidate; what does not hold is noted, not registered."""
    try:
        with transaction.atomic():
            candidate = bundle_adopt(
                trained.bundle_key,
                digest=trained.digest,
                name=_next_name(run),
                base=run.base,
            )
    except Refused as refusal:
        TrainingRun.objects.filter(pk=run.pk).update(fault=refusal.detail[:300])
        return
    TrainingRun.objects.filter(pk=run.pk).update(
        candidate=candidate, metrics=candidate.facts.get("metrics", {})
    )


def _next_name(run: TrainingRun) -> str:
    kind = run.base.image_kind
    count = ModelVersion.objects.filter(image_kind=kind).count()
    return f"{run.network or run.base.network}-{kind}-{count + 1}"
