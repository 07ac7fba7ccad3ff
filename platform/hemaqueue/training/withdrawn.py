"""Which withdrawn labels a version has learned from, itself or through those it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from hemaqueue.registry.models import ModelVersion
from hemaqueue.reviews.models import ConfirmedLabel
from hemaqueue.specimens.models import SmearImage
from hemaqueue.training.models import SnapshotImage, TrainingRun

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


def versions_before(version: ModelVersion) -> list[UUID]:
    """Return a version and those that its weights come from, the newest first."""
    made_from = dict(
        TrainingRun.objects.exclude(candidate=None).values_list("candidate_id", "base_id")
    )
    line = [version.pk]
    while (before := made_from.get(line[-1])) and before not in line:
        line.append(before)
    return line


def labels_withdrawn(version: ModelVersion) -> QuerySet[ConfirmedLabel]:
    """Return the labels that a version saw and that were withdrawn since, the newest first."""
    line = versions_before(version)
    seen = SnapshotImage.objects.filter(snapshot__runs__candidate__in=line)
    found = ConfirmedLabel.objects.filter(
        pk__in=seen.values("confirmed"), withdrawn_at__isnull=False
    )
    related = found.select_related("image__case", "image__site", "reader")
    return related.order_by("-withdrawn_at", "-pk")


def labels_shown(version: ModelVersion, *, user: User) -> QuerySet[ConfirmedLabel]:
    """Return those of `labels_withdrawn` whose images `user` may see."""
    visible = SmearImage.objects.visible_to(user).values("pk")
    return labels_withdrawn(version).filter(image__in=visible)
