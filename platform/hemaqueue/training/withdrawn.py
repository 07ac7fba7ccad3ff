"""Which withdrawn labels a version has learned from, itself or through those it was made from.

A label is one that a reader confirmed, or the one with which a picture of a data set came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from hemaqueue.accounts.selectors import runs_installation
from hemaqueue.registry.models import ModelVersion
from hemaqueue.reviews.models import ConfirmedLabel
from hemaqueue.specimens.models import SmearImage
from hemaqueue.training.models import DatasetImage, SnapshotImage, TrainingRun

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


def versions_before(version: ModelVersion) -> list[UUID]:
    """Return a version and those that its weights come from, the newest first."""
    going_on = TrainingRun.objects.filter(network="").exclude(candidate=None)
    made_from = dict(going_on.values_list("candidate_id", "base_id"))
    line = [version.pk]
    while (before := made_from.get(line[-1])) and before not in line:
        line.append(before)
    return line


def _seen(version: ModelVersion) -> QuerySet[SnapshotImage]:
    line = versions_before(version)
    return SnapshotImage.objects.filter(snapshot__runs__candidate__in=line)


def labels_withdrawn(version: ModelVersion) -> QuerySet[ConfirmedLabel]:
    """Return the labels that a version saw and that were withdrawn since, the newest first."""
    found = ConfirmedLabel.objects.filter(
        pk__in=_seen(version).values("confirmed"), withdrawn_at__isnull=False
    )
    related = found.select_related("image__case", "image__site", "reader")
    return related.order_by("-withdrawn_at", "-pk")


def pictures_withdrawn(version: ModelVersion) -> QuerySet[DatasetImage]:
    """Return the pictures of data sets that a version saw and that were withdrawn since."""
    found = DatasetImage.objects.filter(
        pk__in=_seen(version).values("imported"), withdrawn_at__isnull=False
    )
    return found.select_related("dataset").order_by("-withdrawn_at", "-pk")


def withdrawn_count(version: ModelVersion) -> int:
    """Count both, over all sites."""
    return labels_withdrawn(version).count() + pictures_withdrawn(version).count()


def labels_shown(version: ModelVersion, *, user: User) -> QuerySet[ConfirmedLabel]:
    """Return those of `labels_withdrawn` whose images `user` may see."""
    visible = SmearImage.objects.visible_to(user).values("pk")
    return labels_withdrawn(version).filter(image__in=visible)


def pictures_shown(version: ModelVersion, *, user: User) -> QuerySet[DatasetImage]:
    """Return `pictures_withdrawn` to who runs the installation, nothing to others."""
    found = pictures_withdrawn(version)
    return found if runs_installation(user) else found.none()
