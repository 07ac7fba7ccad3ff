from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from hemaqueue.accounts.models import Site
from hemaqueue.jobs.models import Job
from hemaqueue.predictions.models import Prediction
from hemaqueue.registry.models import LONGEST_REASON, ModelVersion
from hemaqueue.specimens.models import ImageKind


class Shadow(models.Model):
    """An administrator's order to let a version score what comes in, beside the one that serves.

    Of the images uploaded from `at` on, `percent` are tried, drawn by their id; without a `site`,
    those of all. `seen` is the newest result of the serving version that was looked at. It has
    ended when a person said so, or (`ended_by` is empty) when its version began to serve or was
    rejected.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    model = models.ForeignKey(ModelVersion, models.PROTECT, related_name="shadows")
    kind = models.CharField(max_length=10, choices=ImageKind.choices)
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="+")
    percent = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    reason = models.CharField(max_length=LONGEST_REASON)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    seen = models.BigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(ended_at=None), name="one_shadow_for_each_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.model_id} on {self.percent} %"


class ShadowResult(models.Model):
    """What a shadow says of one image, apart from what readers are shown.

    `beside` is the serving version's result of the same image. No `label` yet: it is on its way,
    or its work failed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    shadow = models.ForeignKey(Shadow, models.PROTECT, related_name="results")
    beside = models.ForeignKey(Prediction, models.PROTECT, related_name="+")
    job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="+")
    label = models.CharField(max_length=40, blank=True)
    confidence = models.FloatField(null=True)
    malignant = models.FloatField(null=True)
    scores = models.JSONField(default=dict)
    flags = models.JSONField(default=list)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shadow", "beside"], name="image_is_shadowed_once")
        ]

    def __str__(self) -> str:
        return f"{self.label} beside {self.beside_id}"
