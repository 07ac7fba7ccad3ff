from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from hemaqueue.accounts.models import Site
from hemaqueue.accounts.visibility import SiteScoped


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """Return the triggers that let rows be added to a table and nothing else."""
    return [
        pgtrigger.Protect(
            name=f"{name}_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete
        ),
        pgtrigger.Trigger(
            name=f"{name}_is_never_emptied",
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            level=pgtrigger.Statement,
            func="RAISE EXCEPTION 'The audit trail is append-only';",
        ),
    ]


class Outcome(models.TextChoices):
    DONE = "done"
    DENIED = "denied"


class AuditEvent(models.Model):
    """Who did what to which object, when, from where. Appended with the act, never changed.

    `details` holds ids, codes and counts; never a name, a file name or a word of a patient.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.DONE)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="+")
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=32, blank=True)
    details = models.JSONField(default=dict)

    objects = SiteScoped.manager(site="site")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["site", "-id"], name="audit_of_site"),
            models.Index(fields=["object_id", "-id"], name="audit_of_object"),
            models.Index(fields=["actor", "-id"], name="audit_of_actor"),
            models.Index(
                fields=["address", "-at"],
                condition=models.Q(action="account.login", outcome=Outcome.DENIED),
                name="audit_login_failed",
            ),
        ]
        triggers = append_only("audit")

    def __str__(self) -> str:
        return f"{self.action} {self.outcome} {self.id}"


class Backup(models.Model):
    """A backup that was finished, so that people see how old the last one is."""

    at = models.DateTimeField(db_default=Now())
    files = models.PositiveIntegerField()
    bytes = models.PositiveBigIntegerField()
    seconds = models.FloatField()

    class Meta:
        ordering = ["-at", "-id"]
        triggers = append_only("backup")

    def __str__(self) -> str:
        return f"Backup of {self.files} files"


class AuditSeal(models.Model):
    """One link of the chain: hash = SHA-256(hash before it, the event's canonical JSON)."""

    position = models.BigAutoField(primary_key=True)
    event = models.OneToOneField(AuditEvent, models.PROTECT, related_name="seal")
    hash = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        triggers = append_only("seal")

    def __str__(self) -> str:
        return f"{self.position} {self.hash[:12]}"
