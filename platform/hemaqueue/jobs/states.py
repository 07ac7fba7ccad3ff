"""The life of a job.

    queued ──▶ sent ──▶ running ──▶ succeeded
      ▲  │      │          ├──────▶ failed ──┐
      │  │      │          ├──────▶ dead ────┤
      │  └──────┴──────────┴──────▶ cancelled│
      ├──────── sent, running (another try)  │
      └──────── a person asks again ─────────┘

News may overtake one another: a job may go from queued (its parcel was thought lost) or sent
straight to an end. People see `sent` as queued.
"""

from __future__ import annotations

from django.db import models


class JobState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    SENT = "sent", "Next in line"
    RUNNING = "running", "Working"
    SUCCEEDED = "succeeded", "Done"
    FAILED = "failed", "Failed"
    DEAD = "dead", "Given up"
    CANCELLED = "cancelled", "Cancelled"

    @property
    def is_final(self) -> bool:
        return self in FINAL

    def may_become(self, other: JobState) -> bool:
        return other in NEXT[self]


#: A worker may still tell something about these.
LIVE = frozenset({JobState.QUEUED, JobState.SENT, JobState.RUNNING})

FINAL = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.DEAD, JobState.CANCELLED})

#: A person may ask for another try.
RETRYABLE = frozenset({JobState.FAILED, JobState.DEAD})

_ENDS = {JobState.SUCCEEDED, JobState.FAILED, JobState.DEAD, JobState.CANCELLED}

NEXT: dict[JobState, set[JobState]] = {
    JobState.QUEUED: {JobState.SENT, JobState.RUNNING} | _ENDS,
    JobState.SENT: {JobState.QUEUED, JobState.RUNNING} | _ENDS,
    JobState.RUNNING: {JobState.QUEUED} | _ENDS,
    JobState.SUCCEEDED: set(),
    JobState.FAILED: {JobState.QUEUED},
    JobState.DEAD: {JobState.QUEUED},
    JobState.CANCELLED: set(),
}


CRASH_SENTENCES = {
    "worker_lost": "The worker stopped while it was working on this.",
    "time_limit": "The work took longer than it may and was stopped.",
    "silent": "The worker was not heard of any more.",
}


class Lane(models.TextChoices):
    NORMAL = "normal"
    QUARANTINE = "quarantine"  # it crashed a worker before: alone, apart
