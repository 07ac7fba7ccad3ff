from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class RepeatableRequest(models.Model):
    """What was answered to a request with an Idempotency-Key. Ids and codes, no patient data."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="request_is_one_per_key")
        ]
        indexes = [models.Index(fields=["at"], name="request_by_age")]

    def __str__(self) -> str:
        return f"Request of {self.at:%Y-%m-%d %H:%M}"
