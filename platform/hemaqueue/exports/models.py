from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hemaqueue.specimens.models import Batch
from hemaqueue.training.models import DatasetSnapshot


class ExportKind(models.TextChoices):
    RESULTS = "results", _("Results")
    AUDIT = "audit", _("Audit trail")
    BATCH = "batch", _("Batch summary")
    SNAPSHOT = "snapshot", _("Snapshot with its pictures")


class ExportFormat(models.TextChoices):
    CSV = "csv", "CSV"
    JSON = "json", "JSON"
    PDF = "pdf", "PDF"
    YOLO = "yolo", "YOLO"
    COCO = "coco", "COCO"


class Export(models.Model):
    """A file that one person asked for and may fetch for a day. The row stays, the file goes.

    `asked` is the filter as plain values; `sites` are those it tells of, "" stands for what
    belongs to none. `identified` has its `reason`: who took patients' codes away, and why.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=ExportKind.choices)
    format = models.CharField(max_length=5, choices=ExportFormat.choices)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+")
    snapshot = models.ForeignKey(DatasetSnapshot, models.PROTECT, null=True, related_name="+")
    asked = models.JSONField(default=dict)
    identified = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=10, default="en")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(db_default=Now())
    sites = models.JSONField(default=list)
    rows = models.PositiveIntegerField(null=True)
    key = models.CharField(max_length=120, blank=True)
    media_type = models.CharField(max_length=40, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    bytes = models.PositiveBigIntegerField(null=True)
    built_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-requested_at"]
        indexes = [models.Index(fields=["requested_by", "-requested_at"], name="export_of_person")]
        constraints = [
            models.CheckConstraint(
                name="identified_export_has_a_reason",
                condition=Q(identified=False) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="export_of_a_batch_names_it",
                condition=Q(kind="batch", batch__isnull=False) | (~Q(kind="batch") & Q(batch=None)),
            ),
            models.CheckConstraint(
                name="export_of_a_snapshot_names_it",
                condition=Q(kind="snapshot", snapshot__isnull=False)
                | (~Q(kind="snapshot") & Q(snapshot=None)),
            ),
        ]
        triggers = [pgtrigger.Protect(name="export_is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Export {self.pk}"
