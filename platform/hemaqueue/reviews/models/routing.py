from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hemaqueue.accounts.visibility import SiteScoped
from hemaqueue.reviews.models.review import Review
from hemaqueue.specimens.models import SmearImage


class ReturnReason(models.TextChoices):
    """Why an image goes back to the bench."""

    FOCUS = "poor_focus", _("Poor focus")
    STAIN = "stain_artefact", _("Stain artefact")
    FIELD = "wrong_field", _("Another field is needed")
    WRONG_CASE = "wrong_case", _("Wrong case")
    OTHER = "other", _("Other")


class Return(models.Model):
    """An image sent back to the bench. Settled by another image, or by a word that says why not."""

    image = models.ForeignKey(SmearImage, models.PROTECT, related_name="returns")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=ReturnReason.choices)
    note = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    replacement = models.ForeignKey(SmearImage, models.PROTECT, null=True, related_name="replaces")
    answer = models.TextField(blank=True)

    objects = SiteScoped.manager(site="image__site", case="image__case")

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["image"], condition=Q(settled_at=None), name="return_is_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"Return of {self.image_id}"


class Referral(models.Model):
    """A second opinion asked of a named colleague, about a case; `answered_at` closes it.

    It closes when they have read the case, with a word of theirs, or when it is taken back.
    """

    review = models.ForeignKey(Review, models.PROTECT, related_name="referrals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="referrals")
    note = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    taken_back = models.BooleanField(default=False)

    objects = SiteScoped.manager(site="review__site", case="review__case")

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "to"],
                condition=Q(answered_at=None),
                name="referral_is_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"Referral of {self.review_id}"
