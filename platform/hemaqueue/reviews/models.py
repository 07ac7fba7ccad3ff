from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from hemaqueue.accounts.visibility import SiteScoped
from hemaqueue.audit.models import append_only
from hemaqueue.registry.models import ModelVersion
from hemaqueue.specimens.models import Case, SmearImage


class ReviewState(models.TextChoices):
    """`reviews.states` says which follows which. Amended is signed again, after a change."""

    OPEN = "open", "To be read"
    DECIDED = "decided", "Decided"
    SIGNED = "signed", "Signed"
    AMENDED = "amended", "Amended"


class Choice(models.TextChoices):
    """What a reader may say of an image besides naming its class."""

    LABEL = "label", "A class"
    UNCERTAIN = "uncertain", "Uncertain"
    UNUSABLE = "unusable", "Unusable"


class Reason(models.TextChoices):
    MORPHOLOGY = "morphology", "Morphology"
    STAIN = "stain_artefact", "Stain artefact"
    FOCUS = "poor_focus", "Poor focus"
    WRONG_PATIENT = "wrong_patient", "Wrong patient"
    OTHER = "other", "Other"


class Origin(models.TextChoices):
    """How a label came to be: what training may weigh."""

    CONFIRMED = "confirmed", "Confirmed as predicted"
    CORRECTED = "corrected", "Corrected"
    BLIND = "blind", "Labelled without a prediction"


class Meaning(models.TextChoices):
    """What a signature means (21 CFR 11.50 asks for it beside the name and the time)."""

    REVIEWED = "reviewed", "Reviewed"
    APPROVED = "approved", "Approved"


class Review(models.Model):
    """The reading of one case. `revision` is the one that is being read, or was signed last."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="review")
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.OPEN)
    revision = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True)

    objects = SiteScoped.manager(site="case__site", case="case")

    def __str__(self) -> str:
        return f"Review of {self.case_id}"


class Decision(models.Model):
    """What one reader says of one image. `version` counts its changes: a stale page is refused."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="decisions")
    image = models.ForeignKey(SmearImage, models.PROTECT, related_name="decisions")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    choice = models.CharField(max_length=10, choices=Choice.choices)
    label = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    note = models.TextField(blank=True)
    seconds = models.FloatField(null=True)
    version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(db_default=Now())

    objects = SiteScoped.manager(site="image__site", case="image__case")

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["image", "reader"], name="decision_is_one_per_reader"),
            models.CheckConstraint(
                name="decision_names_a_class_exactly_when_it_is_one",
                condition=(Q(choice=Choice.LABEL) & ~Q(label=""))
                | (~Q(choice=Choice.LABEL) & Q(label="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.choice} {self.label}"


class ConfirmedLabel(models.Model):
    """The only thing training may learn from. A later decision adds a row; the newest counts."""

    image = models.ForeignKey(SmearImage, models.PROTECT, related_name="confirmed_labels")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="confirmed_labels")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    label = models.CharField(max_length=40)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    predicted_label = models.CharField(max_length=40, blank=True)
    confidence = models.FloatField(null=True)
    model = models.ForeignKey(ModelVersion, models.PROTECT, null=True, related_name="+")
    seconds = models.FloatField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["image", "-at"], name="label_of_image")]
        triggers = [pgtrigger.Protect(name="label_is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.label} ({self.origin})"


class Amendment(models.Model):
    """Why a signed case was opened again. `by` is nobody where an image arrived by itself."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="amendments")
    revision = models.PositiveSmallIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-revision"]
        constraints = [
            models.UniqueConstraint(fields=["review", "revision"], name="amendment_is_one")
        ]
        triggers = append_only("amendment")

    def __str__(self) -> str:
        return f"Amendment to revision {self.revision}"


class Signature(models.Model):
    """One person's signature under one revision of a case. Added, never changed.

    `content` is the canonical JSON of what was signed, character by character; its SHA-256 is
    printed. `reason` is the amendment's, empty for the first revision.
    """

    review = models.ForeignKey(Review, models.PROTECT, related_name="signatures")
    revision = models.PositiveSmallIntegerField()
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    printed_name = models.CharField(max_length=310)
    meaning = models.CharField(max_length=10, choices=Meaning.choices)
    content = models.TextField()
    content_sha256 = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now())

    objects = SiteScoped.manager(site="review__case__site", case="review__case")

    class Meta:
        ordering = ["-revision"]
        constraints = [
            models.UniqueConstraint(fields=["review", "revision"], name="signature_is_one")
        ]
        triggers = append_only("signature")

    def __str__(self) -> str:
        return f"Signature {self.pk} under revision {self.revision}"
