from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hemaqueue.accounts.visibility import SiteScoped
from hemaqueue.audit.models import append_only
from hemaqueue.registry.models import ModelVersion
from hemaqueue.reviews.models.review import Review
from hemaqueue.specimens.models import SmearImage


class Choice(models.TextChoices):
    """What a reader may say of an image besides naming its class."""

    LABEL = "label", _("A class")
    UNCERTAIN = "uncertain", _("Uncertain")
    UNUSABLE = "unusable", _("Unusable")


class Reason(models.TextChoices):
    MORPHOLOGY = "morphology", _("Morphology")
    STAIN = "stain_artefact", _("Stain artefact")
    FOCUS = "poor_focus", _("Poor focus")
    WRONG_PATIENT = "wrong_patient", _("Wrong patient")
    OTHER = "other", _("Other")


class Origin(models.TextChoices):
    """How a label came to be: what training may weigh."""

    CONFIRMED = "confirmed", _("Confirmed as predicted")
    CORRECTED = "corrected", _("Corrected")
    BLIND = "blind", _("Labelled without a prediction")
    BULK = "bulk", _("Confirmed with others of the clear lane")


class Decision(models.Model):
    """What one reader says of one image. `version` counts its changes: a stale page is refused.

    Who settles readers that disagree says so beside their own reading, which stays.
    """

    review = models.ForeignKey(Review, models.PROTECT, related_name="decisions")
    image = models.ForeignKey(SmearImage, models.PROTECT, related_name="decisions")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    choice = models.CharField(max_length=10, choices=Choice.choices)
    label = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    note = models.TextField(blank=True)
    seconds = models.FloatField(null=True)
    adjudicates = models.BooleanField(default=False, help_text="Settles readers who disagree")
    previous = models.JSONField(null=True, help_text="What it replaced; {} where undo restored it")
    version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(db_default=Now())

    objects = SiteScoped.manager(site="image__site", case="image__case")

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["reader", "-at"], name="decision_of_reader")]
        constraints = [
            models.UniqueConstraint(
                fields=["image", "reader", "adjudicates"], name="decision_is_one_per_reader"
            ),
            models.CheckConstraint(
                name="decision_names_a_class_exactly_when_it_is_one",
                condition=(Q(choice=Choice.LABEL) & ~Q(label=""))
                | (~Q(choice=Choice.LABEL) & Q(label="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.choice} {self.label}"


class FirstRead(models.Model):
    """What a reader said of an image before the suggestion was shown to them. Never changed."""

    image = models.ForeignKey(SmearImage, models.PROTECT, related_name="first_reads")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    choice = models.CharField(max_length=10, choices=Choice.choices)
    label = models.CharField(max_length=40, blank=True)
    seconds = models.FloatField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "reader"], name="first_read_is_one_per_reader")
        ]
        triggers = append_only("first_read")

    def __str__(self) -> str:
        return f"{self.choice} {self.label}"


class ConfirmedLabel(models.Model):
    """The only thing training may learn from. A later decision adds a row; the newest counts.

    A label whose decision was taken back stays, withdrawn; `decision` is empty where none is left.
    `read_because` and `probability` say how its image came to be read (`reviews.sampling`); of
    labels of earlier releases they are not known.
    """

    image = models.ForeignKey(SmearImage, models.PROTECT, related_name="confirmed_labels")
    decision = models.ForeignKey(
        Decision, models.SET_NULL, null=True, related_name="confirmed_labels"
    )
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    label = models.CharField(max_length=40)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    predicted_label = models.CharField(max_length=40, blank=True)
    confidence = models.FloatField(null=True)
    model = models.ForeignKey(ModelVersion, models.PROTECT, null=True, related_name="+")
    seconds = models.FloatField(null=True)
    read_because = models.CharField(max_length=20, blank=True, db_default="")
    probability = models.FloatField(null=True, help_text="Of being read; empty where not known")
    withdrawn_at = models.DateTimeField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["image", "-at"], name="label_of_image"),
            models.Index(fields=["-at"], name="label_newest"),
        ]
        triggers = [pgtrigger.Protect(name="label_is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.label} ({self.origin})"
