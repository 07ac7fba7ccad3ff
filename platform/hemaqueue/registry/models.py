from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ModelStatus(models.TextChoices):
    CANDIDATE = "candidate", _("Candidate")
    SERVING = "serving", _("Serving")
    RETIRED = "retired", _("Retired")
    REJECTED = "rejected", _("Rejected")


class ModelVersion(models.Model):
    """A bundle this installation knows, and what part it plays. One serves each image kind."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, unique=True)
    network = models.CharField(max_length=40)
    image_kind = models.CharField(max_length=10)
    status = models.CharField(
        max_length=10, choices=ModelStatus.choices, default=ModelStatus.CANDIDATE
    )
    bundle_key = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    facts = models.JSONField(help_text="bundle.json: classes, thresholds, metrics, lineage")
    card = models.TextField(blank=True)
    rejected_because = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["image_kind"],
                condition=Q(status="serving"),
                name="one_model_serves_each_kind",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_demonstration(self) -> bool:
        return self.image_kind == "synthetic"


class Activation(models.Model):
    """Which version began to serve, when, by whose act and why. Never changed."""

    model = models.ForeignKey(ModelVersion, models.PROTECT, related_name="activations")
    former = models.ForeignKey(ModelVersion, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.model_id} at {self.at:%Y-%m-%d %H:%M}"
