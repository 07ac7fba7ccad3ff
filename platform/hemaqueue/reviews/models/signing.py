from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hemaqueue.accounts.visibility import SiteScoped
from hemaqueue.audit.models import append_only
from hemaqueue.reviews.models.review import Review


class Meaning(models.TextChoices):
    """What a signature means (21 CFR 11.50 asks for it beside the name and the time)."""

    REVIEWED = "reviewed", _("Reviewed")
    APPROVED = "approved", _("Approved")


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
        indexes = [models.Index(fields=["-at"], name="signature_newest")]
        constraints = [
            models.UniqueConstraint(fields=["review", "revision"], name="signature_is_one")
        ]
        triggers = append_only("signature")

    def __str__(self) -> str:
        return f"Signature {self.pk} under revision {self.revision}"
