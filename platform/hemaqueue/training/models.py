from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from hemaqueue.jobs.models import Job
from hemaqueue.registry.models import ModelVersion
from hemaqueue.reviews.models import ConfirmedLabel
from hemaqueue.specimens.models import ImageKind, SmearImage

EPOCHS_USUAL, EPOCHS_MOST = 10, 60


def frozen(name: str) -> list[pgtrigger.Trigger]:
    """Return the trigger that lets rows be added and never changed."""
    return [
        pgtrigger.Protect(name=f"{name}_is_frozen", operation=pgtrigger.Update | pgtrigger.Delete)
    ]


class DatasetSnapshot(models.Model):
    """What a run learns from: confirmed labels as they stood at one moment. Never changed.

    `digest` is the SHA-256 of the manifest (material.py); `counts` are images by class, and
    `exclusions` lists {image, reason} for every confirmed image that was left out.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=ImageKind.choices)
    digest = models.CharField(max_length=64)
    counts = models.JSONField()
    exclusions = models.JSONField(default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-made_at"]
        triggers = frozen("snapshot")

    def __str__(self) -> str:
        return f"Snapshot {self.digest[:12]}"


class SnapshotImage(models.Model):
    """One image of a snapshot, with the label it had. Images of one `group` stay together."""

    snapshot = models.ForeignKey(DatasetSnapshot, models.PROTECT, related_name="images")
    image = models.ForeignKey(SmearImage, models.PROTECT, related_name="+")
    confirmed = models.ForeignKey(ConfirmedLabel, models.PROTECT, related_name="+")
    label = models.CharField(max_length=40)
    group = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "image"], name="image_is_once_in_a_snapshot"
            ),
            models.UniqueConstraint(
                fields=["snapshot", "sha256"], name="picture_is_once_in_a_snapshot"
            ),
        ]
        triggers = frozen("snapshot_image")

    def __str__(self) -> str:
        return f"{self.label} {self.sha256[:12]}"


class TrainingRun(models.Model):
    """A fine-tuning that a person asked for. Its state is that of its job.

    `fault` says why what the worker delivered was not registered.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    snapshot = models.ForeignKey(DatasetSnapshot, models.PROTECT, related_name="runs")
    base = models.ForeignKey(ModelVersion, models.PROTECT, related_name="+")
    epochs = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField(default=0)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(db_default=Now())
    job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="training_run")
    candidate = models.OneToOneField(
        ModelVersion, models.PROTECT, null=True, related_name="training_run"
    )
    metrics = models.JSONField(default=dict)
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-requested_at", "-id"]

    def __str__(self) -> str:
        return f"Training run {self.pk}"
