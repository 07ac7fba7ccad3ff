"""The frozen test set: pictures on which versions are judged, and from which none ever learns."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from hemaqueue.specimens.models import ImageKind, SmearImage
from hemaqueue.training.models.dataset import DatasetImage
from hemaqueue.training.models.snapshot import frozen


class FrozenAddition(models.Model):
    """An administrator's act that added pictures. `digest` is the whole set's, after it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=ImageKind.choices)
    version = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    added = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="frozen_test_version_is_one")
        ]
        triggers = frozen("frozen_addition")

    def __str__(self) -> str:
        return f"Test set {self.kind} {self.version}"


class FrozenImage(models.Model):
    """One picture of the test set with its label; it came from readers or from a data set.

    `boxes` are as in `SnapshotImage`.
    """

    addition = models.ForeignKey(FrozenAddition, models.PROTECT, related_name="images")
    kind = models.CharField(max_length=10, choices=ImageKind.choices)
    image = models.ForeignKey(SmearImage, models.PROTECT, null=True, related_name="+")
    imported = models.ForeignKey(DatasetImage, models.PROTECT, null=True, related_name="+")
    label = models.CharField(max_length=40)
    group = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    perceptual_hash = models.BigIntegerField(null=True)
    key = models.CharField(max_length=120)
    boxes = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "sha256"], name="frozen_image_is_once"),
            models.CheckConstraint(
                name="frozen_image_has_one_source",
                condition=Q(image=None, imported__isnull=False)
                | Q(image__isnull=False, imported=None),
            ),
        ]
        triggers = frozen("frozen_image")

    def __str__(self) -> str:
        return f"{self.label} {self.sha256[:12]}"
