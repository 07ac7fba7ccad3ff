from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hemaqueue.audit.models import append_only
from hemaqueue.evaluations.models.evaluation import EvaluatedPicture
from hemaqueue.reviews.models import Reason


class ErrorReason(models.TextChoices):
    """Why a picture was named wrongly. What a correction's reasons have too is the same code."""

    LABEL = "label_doubtful", _("Label doubtful")
    FOCUS = Reason.FOCUS.value, Reason.FOCUS.label
    STAIN = "stain_unusual", _("Stain unusual")
    OVERLAP = "cells_overlapping", _("Cells overlapping")
    CELLS = "cells_poor", _("Few or damaged cells")
    DEBRIS = "debris", _("Artefact or debris")
    BORDERLINE = "borderline", _("Borderline between classes")
    OTHER = Reason.OTHER.value, Reason.OTHER.label


class ErrorReading(models.Model):
    """Why, in one person's eyes, a picture was named wrongly. Their newest row counts.

    One without reasons takes back what they said before.
    """

    picture = models.ForeignKey(EvaluatedPicture, models.PROTECT, related_name="readings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reasons = ArrayField(models.CharField(max_length=20, choices=ErrorReason.choices))
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["picture", "by", "-id"], name="error_reading_newest")]
        triggers = append_only("error_reading")

    def __str__(self) -> str:
        return f"{', '.join(self.reasons)} of {self.picture_id}"
