from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hemaqueue.accounts.models import Site
from hemaqueue.accounts.visibility import SiteScoped
from hemaqueue.specimens.models import Case


class ReviewState(models.TextChoices):
    """`reviews.states` says which follows which. Amended is signed again, after a change."""

    OPEN = "open", _("To be read")
    DECIDED = "decided", _("Decided")
    SIGNED = "signed", _("Signed")
    AMENDED = "amended", _("Amended")


class Lane(models.TextChoices):
    """Where an open case stands in the worklist. `reviews.lanes` derives it, nothing else does."""

    ATTENTION = "attention", _("Needs attention")
    READY = "ready", _("Ready")
    CLEAR = "clear", _("Clear")


#: What the worklist shows: a case of which every image was withdrawn is not there.
TO_READ = Q(state=ReviewState.OPEN, images__gt=0)


class Review(models.Model):
    """The reading of one case. `revision` is the one that is being read, or was signed last.

    From `site` to `due_at` stands what `reviews.lanes` derived from the case, kept here so that
    the worklist is one indexed query: lane and reasons (codes, the gravest first), `rank` (the
    order of work: 0 first), `doubt` (the lowest confidence of its images, 0 where one is unknown),
    the numbers of its images, since when it waits and when it is overdue. `in_lane_since` is when
    it came to its lane, empty before it was derived at all. `read_because` is kept with the first
    decision (`reviews.sampling`).

    Who claimed it last stays on record until somebody else does; the claim holds until
    `claimed_until`.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="review")
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.OPEN)
    revision = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True)

    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    lane = models.CharField(max_length=10, choices=Lane.choices, default=Lane.ATTENTION)
    reasons = models.JSONField(default=list)
    rank = models.PositiveSmallIntegerField(default=0)
    doubt = models.FloatField(default=0)
    images = models.PositiveIntegerField(default=0)
    malignant = models.PositiveIntegerField(default=0)
    decided = models.PositiveIntegerField(default=0)
    at_bench = models.BooleanField(default=False, help_text="Sent back, and not answered yet")
    in_audit_sample = models.BooleanField(default=False)
    read_because = models.CharField(max_length=20, blank=True, db_default="")
    waiting_since = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    in_lane_since = models.DateTimeField(null=True)

    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    claimed_until = models.DateTimeField(null=True)

    objects = SiteScoped.manager(site="site", case="case")

    class Meta:
        indexes = [
            models.Index(
                fields=["site", "lane", "rank", "doubt", "waiting_since", "id"],
                condition=TO_READ,
                name="review_to_read",
            ),
            models.Index(
                fields=["lane", "rank", "doubt", "waiting_since", "id"],
                condition=TO_READ,
                name="review_lane_in_order",
            ),
            models.Index(
                fields=["rank", "doubt", "waiting_since", "id"],
                condition=TO_READ,
                name="review_all_in_order",
            ),
            models.Index(
                fields=["rank", "doubt", "waiting_since", "id"],
                condition=Q(state=ReviewState.DECIDED, images__gt=0),
                name="review_to_sign",
            ),
            models.Index(
                fields=["site", "lane", "in_lane_since"], condition=TO_READ, name="review_new"
            ),
            models.Index(fields=["site", "due_at"], condition=TO_READ, name="review_due"),
            models.Index(
                fields=["site"], condition=TO_READ & Q(at_bench=True), name="review_bench"
            ),
            models.Index(fields=["site", "state", "-decided_at"], name="review_by_state"),
        ]

    def __str__(self) -> str:
        return f"Review of {self.case_id}"
