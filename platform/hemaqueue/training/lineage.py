"""Where a version comes from: the run that made it, and the version whose weights it took over."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from hemaqueue.registry.models import ModelVersion
from hemaqueue.training.models import DatasetSnapshot, TrainingRun


@dataclass(frozen=True)
class Lineage:
    """`run` is None where the bundle came from elsewhere.

    `parent` is None where nothing was taken over; `judged_beside` is what its run compared it
    with.
    """

    run: TrainingRun | None
    parent: ModelVersion | None
    judged_beside: ModelVersion | None


def lineage_of(version: ModelVersion) -> Lineage:
    """Return what is known here of a version's making.

    Bundles of earlier releases name a parent although nothing was taken from it: of what was made
    here the run decides, of others `from_nothing`.
    """
    made = TrainingRun.objects.filter(candidate=version)
    if run := made.select_related("base", "snapshot").first():
        return Lineage(run, parent=None if run.network else run.base, judged_beside=run.base)
    data, training = (version.facts.get(name) or {} for name in ("dataset", "training"))
    earlier = "judged_beside" not in data
    parent = "" if earlier and training.get("from_nothing") else data.get("parent", "")
    beside = data.get("judged_beside") or data.get("parent", "")
    return Lineage(None, parent=_known(parent), judged_beside=_known(beside))


def _known(digest: str) -> ModelVersion | None:
    return ModelVersion.objects.filter(digest=digest).first()


def snapshot_number(snapshot: DatasetSnapshot) -> int:
    """Return the place of a snapshot among all, the first is 1; none is ever taken away."""
    before = Q(made_at__lt=snapshot.made_at) | Q(made_at=snapshot.made_at, pk__lte=snapshot.pk)
    return DatasetSnapshot.objects.filter(before).count()
