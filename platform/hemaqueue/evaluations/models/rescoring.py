from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from hemaqueue.accounts.models import Site
from hemaqueue.jobs.models import Job
from hemaqueue.predictions.models import Prediction
from hemaqueue.registry.models import LONGEST_REASON, ModelVersion
from hemaqueue.specimens.models import SmearImage


class Rescore(models.Model):
    """An administrator's order to have old images scored by the version that serves now.

    Empty filters choose everything. `total` is how many images were chosen. It has ended when
    every image was tried, when it was called off (`cancelled_by` is empty where another version
    began to serve), and never begins again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    model = models.ForeignKey(ModelVersion, models.PROTECT, related_name="rescores")
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="+")
    former = models.ForeignKey(ModelVersion, models.PROTECT, null=True, related_name="+")
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    reason = models.CharField(max_length=LONGEST_REASON)
    total = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["model"], condition=Q(ended_at=None), name="model_rescores_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.total} by {self.model_id}"


class RescoredImage(models.Model):
    """One image of an order: what was said of it before, the work asked for, what is said now.

    Work without an `after` failed, or what it said came too late: another result was newer.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rescore = models.ForeignKey(Rescore, models.PROTECT, related_name="images")
    image = models.ForeignKey(SmearImage, models.PROTECT, related_name="+")
    before = models.ForeignKey(Prediction, models.PROTECT, related_name="+")
    after = models.OneToOneField(
        Prediction, models.PROTECT, null=True, related_name="rescored_from"
    )
    job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rescore", "image"], name="image_is_rescored_once")
        ]
        indexes = [
            models.Index(fields=["rescore"], condition=Q(job=None), name="rescore_still_to_ask")
        ]

    def __str__(self) -> str:
        return f"{self.image_id} of {self.rescore_id}"
