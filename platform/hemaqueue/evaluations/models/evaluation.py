from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hemaqueue.audit.models import append_only
from hemaqueue.registry.models import ModelVersion


class Source(models.TextChoices):
    WORKER = "worker", _("Judged by this installation")
    IMPORTED = "imported", _("Taken in from a file")


class Evaluation(models.Model):
    """What one version scored on one set of pictures. Never changed.

    `digest` is that of the bundle, `data_digest` that of the pictures with their labels (the
    SHA-256 of the sorted lines "sha256 label"), `split` says how they were parted from what the
    version learned. `report` has the figures of `./hemaqueue evaluate --json`; its rows for
    single pictures are `pictures`. `report_sha256` is that of the report as it came.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    model = models.ForeignKey(ModelVersion, models.PROTECT, related_name="evaluations")
    digest = models.CharField(max_length=64)
    data_digest = models.CharField(max_length=64)
    data_name = models.CharField(max_length=120, blank=True)
    split = models.CharField(max_length=200)
    suite = models.CharField(max_length=10)
    n = models.PositiveIntegerField()
    source = models.CharField(max_length=10, choices=Source.choices)
    report = models.JSONField()
    report_sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["model", "report_sha256"], name="evaluation_is_recorded_once"
            )
        ]
        triggers = append_only("evaluation")

    def __str__(self) -> str:
        return f"{self.model_id} on {self.data_name or self.data_digest[:12]}"


class EvaluatedPicture(models.Model):
    """What a version said of one picture whose truth is known.

    The picture is known by its bytes: whoever may see an image with this SHA-256 may open it.
    Pictures that were named wrongly bear the heatmap of the class named: float16, row by row.
    """

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="pictures")
    sha256 = models.CharField(max_length=64)
    group = models.CharField(max_length=120, blank=True)
    label = models.CharField(max_length=40)
    named = models.CharField(max_length=40)
    confidence = models.FloatField()
    scores = models.JSONField()
    malignant = models.FloatField()
    called_malignant = models.BooleanField()
    distance = models.FloatField(default=0)
    rows = models.PositiveSmallIntegerField(default=0)
    columns = models.PositiveSmallIntegerField(default=0)
    grid = models.BinaryField(default=bytes)

    class Meta:
        ordering = ["-confidence", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "sha256"], name="picture_is_once_in_an_evaluation"
            )
        ]
        indexes = [
            models.Index(
                fields=["evaluation", "label", "named", "-confidence"], name="picture_of_cell"
            )
        ]
        triggers = append_only("evaluated_picture")

    def __str__(self) -> str:
        return f"{self.label} named {self.named}"
