"""What a run would learn from before it begins, and how long it should take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from uuid import UUID

from django.conf import settings

from hemaqueue.common.errors import PlatformError
from hemaqueue.training.contradicted import snapshot_contradicted
from hemaqueue.training.lessons import Lesson
from hemaqueue.training.models import EPOCHS_USUAL, DatasetSnapshot
from hemaqueue.training.naming import class_codes
from hemaqueue.training.selectors import (
    TrainingPreview,
    class_counts,
    kind_serving,
    labels_learned,
    run_base,
    seconds_expected,
    snapshot_obstacle,
    training_preview,
)
from hemaqueue.training.snapshots import require_usable, snapshot_get


def run_preview(
    kind: str, *, network: str = "", snapshot: UUID | None = None, epochs: int = EPOCHS_USUAL
) -> TrainingPreview:
    """Return what an order would learn from: a snapshot, or what is confirmed now.

    Where no version serves, an order without a `network` meets an obstacle.

    Raises:
        Missing: there is no such snapshot.
    """
    found = _of_snapshot(snapshot_get(snapshot), kind=kind) if snapshot else training_preview(kind)
    images = sum(one.total for one in found.counts)
    expected = seconds_expected(kind=kind, network=network, images=images, epochs=epochs)
    return replace(
        found,
        network=network,
        snapshot=snapshot,
        epochs=epochs,
        seconds=expected,
        obstacle=_refusal(partial(run_base, kind, network=network)) or found.obstacle,
    )


def _of_snapshot(snapshot: DatasetSnapshot, *, kind: str) -> TrainingPreview:
    serving, why = kind_serving(kind), _refusal(partial(require_usable, snapshot))
    held = snapshot.images.values_list("sha256", "label", "group", "confirmed", "imported")
    lessons = [
        Lesson("", sha256, label, own=group, group=group, confirmed=confirmed, imported=imported)
        for sha256, label, group, confirmed, imported in held
    ]
    return TrainingPreview(
        kind=kind,
        serving=serving,
        counts=class_counts(
            lessons, classes=list(class_codes(kind)), known=labels_learned(serving)
        ),
        minimum=int(settings.HEMAQUEUE["TRAINING_LABELS_PER_CLASS"]),
        excluded=dict(Counter(one["reason"] for one in snapshot.exclusions)),
        obstacle=snapshot_obstacle(snapshot, kind=kind) or why,
        contradicted=len(snapshot_contradicted(snapshot)),
    )


def _refusal(check: Callable[[], object]) -> str:
    """Return why a check would refuse the order, or nothing."""
    try:
        check()
    except PlatformError as refusal:
        return refusal.detail
    return ""
