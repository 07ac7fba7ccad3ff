from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from hemaqueue.audit.models import append_only
from hemaqueue.evaluations.models.evaluation import Evaluation
from hemaqueue.evaluations.models.policy import GatePolicy
from hemaqueue.registry.models import LONGEST_REASON, ModelVersion


class Proposal(models.Model):
    """One administrator's word that a candidate shall serve, for another one to confirm.

    It holds while what it rests on does: the newest `evaluation` of the candidate (empty: the
    bundle's own figures), the gates of `policy` (empty: the usual ones), and `former` serving.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    model = models.ForeignKey(ModelVersion, models.PROTECT, related_name="proposals")
    evaluation = models.ForeignKey(Evaluation, models.PROTECT, null=True, related_name="+")
    policy = models.ForeignKey(GatePolicy, models.PROTECT, null=True, related_name="+")
    former = models.ForeignKey(ModelVersion, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=LONGEST_REASON)
    override = models.CharField(max_length=LONGEST_REASON, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-at", "-id"]
        triggers = append_only("proposal")

    def __str__(self) -> str:
        return f"Proposal of {self.model_id}"


class ProposalEnd(models.Model):
    """A proposal was confirmed, or declined with a reason. There is one end."""

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="end")
    confirmed = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-at", "-id"]
        triggers = append_only("proposal_end")

    def __str__(self) -> str:
        return "confirmed" if self.confirmed else "declined"
