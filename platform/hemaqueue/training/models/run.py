from __future__ import annotations

import uuid

from django.conf import settings as django
from django.db import models
from django.db.models.functions import Now

from hemaqueue.jobs.models import Job
from hemaqueue.registry.models import ModelVersion
from hemaqueue.training.models.snapshot import DatasetSnapshot

EPOCHS_USUAL, EPOCHS_MOST = 10, 300


class TrainingRun(models.Model):
    """A training that a person asked for. Its state is that of its job.

    Without a `network` it goes on from `base`; with one it starts from nothing, and `base` is
    what it is compared with. `settings` are what the form changed of the network's own recipe.
    `curve` has an entry for each epoch, whichever worker did it. `fault` says why what the
    worker delivered was not registered.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    snapshot = models.ForeignKey(DatasetSnapshot, models.PROTECT, related_name="runs")
    base = models.ForeignKey(ModelVersion, models.PROTECT, related_name="+")
    network = models.CharField(max_length=40, blank=True)
    settings = models.JSONField(default=dict)
    epochs = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField(default=0)
    requested_by = models.ForeignKey(django.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(db_default=Now())
    job = models.OneToOneField(Job, models.PROTECT, null=True, related_name="training_run")
    candidate = models.OneToOneField(
        ModelVersion, models.PROTECT, null=True, related_name="training_run"
    )
    curve = models.JSONField(default=list)
    metrics = models.JSONField(default=dict)
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-requested_at", "-id"]

    def __str__(self) -> str:
        return f"Training run {self.pk}"
