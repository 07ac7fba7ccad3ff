from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from hemaqueue.accounts.models import Site
from hemaqueue.accounts.visibility import SiteScoped
from hemaqueue.jobs.states import FINAL, JobState, Lane
from jobcontract.names import Work

IN_HAND = (JobState.SENT, JobState.RUNNING)
URGENT = 10  # from this priority on, somebody is waiting in front of the screen
BACKGROUND = -10  # at this one nobody waits: it is asked for only while nothing else waits


class Job(models.Model):
    """One piece of work asked of a worker, and what became of it: a row of the ledger.

    `subject` is what the work is about: an image, a report. `shared` is what jobs of one parcel
    have in common (the model), `shared_key` names it. The fence is (id, attempt, message).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    work = models.CharField(max_length=40, choices=[(w.value, w.value) for w in Work])
    queue = models.CharField(max_length=40)
    subject = models.UUIDField()
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="+")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    payload = models.JSONField()
    shared = models.JSONField(default=dict)
    shared_key = models.CharField(max_length=64, blank=True)
    dedupe_key = models.CharField(max_length=200)
    priority = models.SmallIntegerField(default=0)
    lane = models.CharField(max_length=10, choices=Lane.choices, default=Lane.NORMAL)

    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    message = models.UUIDField(null=True)
    published = models.BooleanField(default=False)
    errors = models.PositiveSmallIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(default=0)
    max_crashes = models.PositiveSmallIntegerField(default=3)
    unheard = models.PositiveSmallIntegerField(default=0)
    silence_limit = models.FloatField(default=60, help_text="seconds")
    time_limit = models.FloatField(default=120, help_text="seconds")
    progress = models.JSONField(default=dict)
    error_code = models.CharField(max_length=40, blank=True)
    error_detail = models.CharField(max_length=300, blank=True)
    cancel_requested = models.BooleanField(default=False)

    created_at = models.DateTimeField(db_default=Now())
    available_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    missing_since = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = SiteScoped.manager(site="site")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="job_state_is_known", condition=Q(state__in=JobState.values)
            ),
            models.CheckConstraint(
                name="job_is_finished_exactly_when_final",
                condition=Q(finished_at__isnull=False, state__in=FINAL)
                | (Q(finished_at__isnull=True) & ~Q(state__in=FINAL)),
            ),
            models.CheckConstraint(
                name="job_in_hand_has_a_message",
                condition=~Q(state__in=IN_HAND)
                | Q(message__isnull=False, sent_at__isnull=False, heard_at__isnull=False),
            ),
            models.CheckConstraint(
                name="running_job_has_a_deadline",
                condition=~Q(state=JobState.RUNNING) | Q(deadline_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="job_is_live_once",
                fields=["dedupe_key"],
                condition=Q(finished_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["queue", "lane", "-priority", "available_at"],
                condition=Q(state=JobState.QUEUED),
                name="job_waiting",
            ),
            models.Index(
                fields=["queue", "lane"], condition=Q(state__in=IN_HAND), name="job_in_hand"
            ),
            models.Index(fields=["subject", "-created_at"], name="job_of_subject"),
            models.Index(
                fields=["site", "-finished_at"],
                condition=Q(state__in=(JobState.FAILED, JobState.DEAD)),
                name="job_failed",
            ),
            models.Index(
                fields=["queue", "-finished_at"],
                condition=Q(state=JobState.SUCCEEDED),
                name="job_done",
            ),
        ]
        triggers = [pgtrigger.Protect(name="job_is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.work} {self.pk} ({self.state})"


class JobEvent(models.Model):
    """One move of a job. Written with the move, never changed."""

    job = models.ForeignKey(Job, models.PROTECT, related_name="events")
    at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, choices=JobState.choices)
    attempt = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        triggers = [
            pgtrigger.Protect(
                name="job_event_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.job_id} became {self.state}"


class Ear(models.Model):
    """When a probe last came through the records queue: proof that news is being heard."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    probe_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"heard at {self.probe_at}"


class Pulse(models.Model):
    """Per class of jobs, the latest sending time among the parcels that have started."""

    name = models.CharField(max_length=60, primary_key=True)
    started_sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class WorkerPresence(models.Model):
    """A worker that was heard: what it listens to, and when it last said so."""

    name = models.CharField(max_length=120, primary_key=True)
    queues = models.JSONField(default=list)
    processes = models.PositiveSmallIntegerField(default=1)
    since = models.DateTimeField(db_default=Now())
    heard_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name
