from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class NoticeKind(models.TextChoices):
    BATCH_ENDED = "batch_ended", "A batch has ended"
    IMAGE_RETURNED = "image_returned", "An image was sent back"


class Notice(models.Model):
    """Something one person should know: one row for each of its subjects, renewed, never doubled.

    `facts` are counts and codes; names are read from the subject when the notice is shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=NoticeKind.choices)
    subject = models.UUIDField()
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["to", "kind", "subject"], name="notice_is_one")
        ]
        indexes = [
            models.Index(fields=["to", "-at", "id"], name="notice_newest"),
            models.Index(fields=["to"], condition=Q(seen_at=None), name="notice_unseen"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.to_id}"
