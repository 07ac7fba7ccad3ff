from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from hemaqueue.accounts.visibility import SiteScoped
from hemaqueue.audit.models import append_only
from hemaqueue.reviews.models.decision import ConfirmedLabel
from hemaqueue.specimens.models import SmearImage


class LabelWithdrawal(models.Model):
    """A person's word that a label no longer teaches, or nothing that is ever said of an image.

    `label` is the one withdrawn, null where it is the image. Decisions and signatures stay. With
    `back` it is the contrary: an image that was withdrawn teaches again.
    """

    image = models.ForeignKey(SmearImage, models.PROTECT, related_name="label_withdrawals")
    label = models.ForeignKey(ConfirmedLabel, models.PROTECT, null=True, related_name="withdrawals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    back = models.BooleanField(default=False)
    at = models.DateTimeField(db_default=Now())

    objects = SiteScoped.manager(site="image__site", case="image__case")

    class Meta:
        ordering = ["-at", "-id"]
        triggers = append_only("label_withdrawal")

    def __str__(self) -> str:
        return f"Withdrawal of {self.label_id or self.image_id}"
