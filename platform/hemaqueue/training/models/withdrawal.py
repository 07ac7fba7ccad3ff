from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from hemaqueue.audit.models import append_only
from hemaqueue.training.models.dataset import DatasetImage


class DatasetWithdrawal(models.Model):
    """A person's word that a picture of a data set, with its one label, teaches no more.

    With `back` it is the contrary. `DatasetImage.withdrawn_at` says what holds now.
    """

    picture = models.ForeignKey(DatasetImage, models.PROTECT, related_name="withdrawals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    back = models.BooleanField(default=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-at", "-id"]
        triggers = append_only("dataset_withdrawal")

    def __str__(self) -> str:
        return f"Withdrawal of {self.picture_id}"
