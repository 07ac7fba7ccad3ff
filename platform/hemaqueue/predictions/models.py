from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from hemaqueue.accounts.visibility import SiteScoped
from hemaqueue.jobs.models import Job
from hemaqueue.registry.models import ModelVersion, OperatingPoint
from hemaqueue.specimens.models import SmearImage


class Prediction(models.Model):
    """What one model version said of one image. Written once, never changed.

    `confidence` is the calibrated score of `label`; `malignant` the sum over malignant classes.
    `point` is None where it came under the bundle's own thresholds.
    """

    image = models.ForeignKey(SmearImage, models.PROTECT, related_name="predictions")
    model = models.ForeignKey(ModelVersion, models.PROTECT, related_name="predictions")
    job = models.OneToOneField(Job, models.PROTECT, related_name="prediction")
    point = models.ForeignKey(
        OperatingPoint, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    label = models.CharField(max_length=40)
    confidence = models.FloatField()
    malignant = models.FloatField()
    flags = models.JSONField(default=list)
    ood_score = models.FloatField(default=0)
    seconds = models.FloatField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    objects = SiteScoped.manager(site="image__site", case="image__case")

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["image", "model"], name="prediction_is_one_per_model")
        ]
        indexes = [models.Index(fields=["label", "-created_at"], name="prediction_by_label")]
        triggers = [
            pgtrigger.Protect(
                name="prediction_is_final", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.confidence:.2f}"

    @property
    def is_uncertain(self) -> bool:
        return "uncertain" in self.flags

    @property
    def is_out_of_distribution(self) -> bool:
        return "out_of_distribution" in self.flags


class ClassScore(models.Model):
    """The calibrated score of one class."""

    prediction = models.ForeignKey(Prediction, models.CASCADE, related_name="class_scores")
    label = models.CharField(max_length=40)
    score = models.FloatField()

    class Meta:
        ordering = ["-score"]
        constraints = [
            models.UniqueConstraint(fields=["prediction", "label"], name="score_is_one_per_class")
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.score:.3f}"


class Heatmap(models.Model):
    """Where a network looked for one class: a small grid, float16, row by row."""

    prediction = models.ForeignKey(Prediction, models.CASCADE, related_name="heatmaps")
    label = models.CharField(max_length=40)
    method = models.CharField(max_length=20)
    layer = models.CharField(max_length=80, blank=True)
    rows = models.PositiveSmallIntegerField()
    columns = models.PositiveSmallIntegerField()
    grid = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["prediction", "label", "method", "layer"],
                name="heatmap_is_one_per_question",
            )
        ]

    def __str__(self) -> str:
        return f"{self.method} for {self.label}"
