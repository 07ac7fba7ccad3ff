from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from hemaqueue.audit.models import append_only
from hemaqueue.registry.models import ModelVersion


class FoldReport(models.Model):
    """What a version's network and recipe score on folds of whole groups. Never changed.

    Each of the `folds` is a network of its own, trained on the others: the version is none of
    them. `report` has mean, spread and each fold's value of every figure, as
    `./hemaqueue train --folds` prints them, without what each fold's evaluation says beside.
    """

    model = models.ForeignKey(ModelVersion, models.PROTECT, related_name="fold_reports")
    folds = models.PositiveSmallIntegerField()
    n = models.PositiveIntegerField()
    groups = models.PositiveIntegerField()
    split = models.CharField(max_length=200)
    data_digest = models.CharField(max_length=64)
    report = models.JSONField()
    report_sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["model", "report_sha256"], name="fold_report_is_recorded_once"
            )
        ]
        triggers = append_only("fold_report")

    def __str__(self) -> str:
        return f"{self.folds} folds of {self.model_id}"
