from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now

from hemaqueue.accounts.models import Site
from hemaqueue.accounts.visibility import SiteScoped
from hemaqueue.audit.models import append_only


class ReviewPolicy(models.Model):
    """How a site reads: versioned data. The newest row counts; a change is a row with a reason.

    `clear_confidence` is the calibrated confidence from which a benign case may be clear, the
    hours are those after which a case is overdue, `double_read_percent` is the share of cases
    that a second reader reads as well.
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="review_policies")
    blind_first_read = models.BooleanField(default=False)
    clear_confidence = models.FloatField(
        default=0.95, validators=[MinValueValidator(0.5), MaxValueValidator(1.0)]
    )
    urgent_hours = models.PositiveSmallIntegerField(default=2, validators=[MinValueValidator(1)])
    routine_hours = models.PositiveSmallIntegerField(default=24, validators=[MinValueValidator(1)])
    double_read_percent = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(100)]
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField(db_default=Now())

    objects = SiteScoped.manager(site="site")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["site", "-at"], name="policy_of_site")]
        triggers = append_only("review_policy")

    def __str__(self) -> str:
        return f"Review policy of {self.site_id}"
