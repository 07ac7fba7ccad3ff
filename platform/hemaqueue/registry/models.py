from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hemaqueue.accounts.models import Site
from hemaqueue.audit.models import append_only

LONGEST_REASON = 300


class ModelStatus(models.TextChoices):
    CANDIDATE = "candidate", _("Candidate")
    SERVING = "serving", _("Serving")
    RETIRED = "retired", _("Retired")
    REJECTED = "rejected", _("Rejected")


DEMONSTRATION = "synthetic"  # the kind of image of models that say nothing about a patient


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
        return self.image_kind == DEMONSTRATION


class Activation(models.Model):
    """Which version began to serve, when, by whose act and why. Never changed."""

    model = models.ForeignKey(ModelVersion, models.PROTECT, related_name="activations")
    former = models.ForeignKey(ModelVersion, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        help_text="Who gave the reason, where `by` confirmed what another one had proposed",
    )  # fmt: skip
    reason = models.CharField(max_length=300)
    override = models.CharField(
        max_length=300, blank=True, help_text="Why it serves although a gate was not passed"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at"]
        triggers = append_only("activation")

    def __str__(self) -> str:
        return f"{self.model_id} at {self.at:%Y-%m-%d %H:%M}"


class ModelCheck(models.Model):
    """A version that served before is loaded and scores a known picture before it serves again.

    `passed` is None while no worker answered; `scores` are those of the known picture.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    model = models.ForeignKey(ModelVersion, models.PROTECT, related_name="checks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=LONGEST_REASON)
    at = models.DateTimeField(db_default=Now())
    passed = models.BooleanField(null=True)
    scores = models.JSONField(default=dict)
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"Check of {self.model_id}"


class ModelProof(models.Model):
    """A worker scored the known picture with a version that serves. `fault` says what was wrong."""

    model = models.ForeignKey(ModelVersion, models.PROTECT, related_name="proofs")
    worker = models.CharField(max_length=120)
    scores = models.JSONField(default=dict)
    fault = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["model", "-at"], name="proof_of_model")]
        triggers = append_only("model_proof")

    def __str__(self) -> str:
        return f"Proof of {self.model_id} by {self.worker}"


class OperatingPoint(models.Model):
    """The thresholds that a person chose for a version. The newest row counts; old ones stay.

    A result names the point under which it came. `evaluation` is what they were chosen on.
    """

    model = models.ForeignKey(ModelVersion, models.PROTECT, related_name="operating_points")
    decision = models.FloatField()
    abstain = models.FloatField()
    evaluation = models.UUIDField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=LONGEST_REASON)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-at", "-id"]
        triggers = append_only("operating_point")

    def __str__(self) -> str:
        return f"{self.decision:.3f}, {self.abstain:.3f}"


class AiSwitch(models.Model):
    """Whether models work for a site, or for all (`site` empty). The newest row of each counts."""

    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="ai_switches")
    suspended = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=LONGEST_REASON)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-at", "-id"]
        triggers = append_only("ai_switch")

    def __str__(self) -> str:
        return "suspended" if self.suspended else "resumed"


class CardText(models.Model):
    """What a person has to say of a version in the model card. The newest row counts."""

    model = models.ForeignKey(ModelVersion, models.PROTECT, related_name="card_texts")
    summary = models.TextField(_("What it does, in plain words"))
    intended_use = models.TextField(_("For whom and what it is meant"))
    warnings = models.TextField(_("What it must not be used for"))
    known_failures = models.TextField(_("Where it is known to fail"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-at", "-id"]
        triggers = append_only("card_text")

    def __str__(self) -> str:
        return f"Card of {self.model_id}"
