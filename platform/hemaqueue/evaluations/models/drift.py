from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from hemaqueue.audit.models import append_only
from hemaqueue.registry.models import ModelVersion


class LiveWeek(models.Model):
    """What a version did in one calendar week, over all sites. Counted once, after the week.

    `begins` is its Monday. `named` counts the images by the class named, `confidence` and
    `spread` are mean and standard deviation; `uncertain`, `strange` (out of distribution) and
    `poor` (a poor picture) count images. Of `read` labels given one by one in that week, the
    version had suggested the same class in `agreed`. The rest is what these labels weigh, see
    `reviews.weighing`: 0 of weeks that were counted before labels kept why they were read.
    """

    model = models.ForeignKey(ModelVersion, models.PROTECT, related_name="live_weeks")
    begins = models.DateField()
    images = models.PositiveIntegerField()
    named = models.JSONField()
    confidence = models.FloatField(null=True)
    spread = models.FloatField(null=True)
    uncertain = models.PositiveIntegerField()
    strange = models.PositiveIntegerField()
    poor = models.PositiveIntegerField()
    read = models.PositiveIntegerField()
    agreed = models.PositiveIntegerField()
    drawn = models.PositiveIntegerField(db_default=0)
    weight = models.FloatField(db_default=0.0)
    weight_agreed = models.FloatField(db_default=0.0)
    squares = models.FloatField(db_default=0.0)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-begins", "model"]
        constraints = [
            models.UniqueConstraint(fields=["model", "begins"], name="week_is_counted_once")
        ]
        triggers = append_only("live_week")

    def __str__(self) -> str:
        return f"{self.model_id} from {self.begins:%Y-%m-%d}"
