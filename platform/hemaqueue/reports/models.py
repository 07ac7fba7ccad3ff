from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hemaqueue.accounts.visibility import SiteScoped
from hemaqueue.reviews.models import Signature
from hemaqueue.specimens.models import Case


class ReportStatus(models.TextChoices):
    """Preliminary until somebody signs; amended is signed again after a change."""

    PRELIMINARY = "preliminary", _("Preliminary")
    FINAL = "final", _("Final")
    AMENDED = "amended", _("Amended")


class Report(models.Model):
    """One revision of a case's report. Its file appears when the render is recorded.

    `key` is never written twice: it names the bytes that were made first, whatever came later.
    `stamped_key` names a copy that says on each page which revision (`stamped_for`) took its place.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="reports")
    revision = models.PositiveSmallIntegerField()
    status = models.CharField(
        max_length=12, choices=ReportStatus.choices, default=ReportStatus.PRELIMINARY
    )
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="reports")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(db_default=Now())
    content_sha256 = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=120, blank=True)
    media_type = models.CharField(max_length=40, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    stamped_key = models.CharField(max_length=120, blank=True)
    stamped_sha256 = models.CharField(max_length=64, blank=True)
    stamped_for = models.PositiveSmallIntegerField(null=True)
    language = models.CharField(max_length=10, default="en")
    note = models.CharField(max_length=300, blank=True)
    rendered_at = models.DateTimeField(null=True)

    objects = SiteScoped.manager(site="case__site", case="case")

    class Meta:
        ordering = ["-revision"]
        constraints = [
            models.UniqueConstraint(fields=["case", "revision"], name="revision_is_one_per_case"),
            models.CheckConstraint(
                name="report_is_preliminary_exactly_when_unsigned",
                condition=models.Q(status=ReportStatus.PRELIMINARY, signature=None)
                | (~models.Q(status=ReportStatus.PRELIMINARY) & ~models.Q(signature=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"Report {self.pk} revision {self.revision}"
