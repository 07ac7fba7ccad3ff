from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hemaqueue.audit.models import append_only

SHARE = [MinValueValidator(0.0), MaxValueValidator(1.0)]


class GatePolicy(models.Model):
    """What a candidate has to reach: versioned data. The newest row counts.

    All are shares of 1. `…_may_lose` is counted from the serving version on the same pictures;
    `colour_margin` is what accuracy has to have above the colour-only baseline;
    `robustness_floor` is the accuracy under each disturbance at its first strength. Besides, with
    `two_people`, one administrator alone lets no candidate serve.
    """

    sensitivity_may_lose = models.FloatField(
        _("Sensitivity for malignant may lose"), default=0.01, validators=SHARE
    )
    sensitivity_floor = models.FloatField(
        _("Sensitivity for malignant, at least"), default=0.95, validators=SHARE
    )
    macro_f1_may_lose = models.FloatField(_("Macro F1 may lose"), default=0.01, validators=SHARE)
    class_recall_floor = models.FloatField(
        _("Recall of every class, at least"), default=0.8, validators=SHARE
    )
    ece_limit = models.FloatField(_("Calibration error, at most"), default=0.05, validators=SHARE)
    robustness_floor = models.FloatField(
        _("Accuracy under each mild disturbance, at least"), default=0.85, validators=SHARE
    )
    colour_margin = models.FloatField(
        _("Accuracy above the colour-only baseline by"), default=0.0, validators=SHARE
    )
    least_images = models.PositiveIntegerField(
        _("Images judged on, at least"), default=40, validators=[MinValueValidator(1)]
    )
    card_required = models.BooleanField(_("The model card has to be complete"), default=True)
    two_people = models.BooleanField(
        _("Two administrators let a candidate serve: one proposes, another one confirms"),
        default=False,
        db_default=False,
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-at", "-id"]
        triggers = append_only("gate_policy")

    def __str__(self) -> str:
        return f"Gates of {self.at:%Y-%m-%d}"
