from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from hemaqueue.reviews.models import ConfirmedLabel
from hemaqueue.specimens.models import ImageKind, SmearImage
from hemaqueue.training.models.dataset import DatasetImage


def frozen(name: str) -> list[pgtrigger.Trigger]:
    """Return the trigger that lets rows be added and never changed."""
    return [
        pgtrigger.Protect(name=f"{name}_is_frozen", operation=pgtrigger.Update | pgtrigger.Delete)
    ]


class DatasetSnapshot(models.Model):
    """What a run learns from: labels as they stood at one moment. Never changed.

    `sources` says from where: {"confirmed": bool, "datasets": [ids]}. `digest` is the SHA-256 of
    the manifest (material.py); `counts` are images by class, and `exclusions` lists
    {image, reason, labels} for every image that was left out.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=ImageKind.choices)
    sources = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    counts = models.JSONField()
    groups = models.PositiveIntegerField(default=0)
    folds = models.PositiveSmallIntegerField(default=0)
    exclusions = models.JSONField(default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-made_at"]
        triggers = frozen("snapshot")

    def __str__(self) -> str:
        return f"Snapshot {self.digest[:12]}"


class SnapshotImage(models.Model):
    """One image of a snapshot, with the label it had. Images of one `group` share a `fold`.

    It was confirmed by a reader (`image`, `confirmed`), or came with a data set (`imported`).
    `boxes` are [class, x, y, width, height] with the centre, as shares of the picture; None in a
    snapshot that was frozen before they were kept.
    """

    snapshot = models.ForeignKey(DatasetSnapshot, models.PROTECT, related_name="images")
    image = models.ForeignKey(SmearImage, models.PROTECT, null=True, related_name="+")
    confirmed = models.ForeignKey(ConfirmedLabel, models.PROTECT, null=True, related_name="+")
    imported = models.ForeignKey(DatasetImage, models.PROTECT, null=True, related_name="+")
    label = models.CharField(max_length=40)
    group = models.CharField(max_length=64)
    fold = models.SmallIntegerField(default=-1)
    sha256 = models.CharField(max_length=64)
    boxes = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "image"], name="image_is_once_in_a_snapshot"
            ),
            models.UniqueConstraint(
                fields=["snapshot", "sha256"], name="picture_is_once_in_a_snapshot"
            ),
            models.CheckConstraint(
                name="snapshot_image_has_one_source",
                condition=Q(image__isnull=False, confirmed__isnull=False, imported=None)
                | Q(image=None, confirmed=None, imported__isnull=False),
            ),
        ]
        triggers = frozen("snapshot_image")

    def __str__(self) -> str:
        return f"{self.label} {self.sha256[:12]}"

    @property
    def key(self) -> str:
        """The key of the stored picture."""
        source = self.image or self.imported
        return str(source.key) if source else ""
