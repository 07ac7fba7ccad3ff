"""What /metrics says: numbers of the whole installation, and nothing of a patient or a person."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from hemaqueue.audit.backups import backup_latest
from hemaqueue.common.exposition import Family, counter, gauge
from hemaqueue.jobs.measures import Lately, depths, failed_lately, lately
from hemaqueue.jobs.models import Ear
from hemaqueue.jobs.selectors import workers_present
from hemaqueue.pipeline.proving import unproved
from hemaqueue.registry.selectors import models_serving
from hemaqueue.specimens.batches import files_refused_alone
from jobcontract import storage
from jobcontract.names import Queue

WATCHED = tuple(queue for queue in Queue if queue not in (Queue.RECORDS, Queue.QUARANTINE))
NEVER = -1.0

#: Rows that were ever inserted: PostgreSQL counts them itself, so nobody has to.
COUNTED = {
    "specimens_smearimage": ("images_stored_total", "Images that were stored."),
    "specimens_refusedfile": ("files_refused_total", "Files of batches that were refused."),
    "jobs_job": ("jobs_asked_total", "Jobs that were asked for."),
    "predictions_prediction": ("results_recorded_total", "Results that were recorded."),
    "reports_report": ("reports_opened_total", "Reports that were asked for."),
    "audit_auditevent": ("audit_events_total", "Events in the audit trail."),
}
INSERTED = "SELECT relname, n_tup_ins FROM pg_stat_user_tables WHERE relname = ANY(%s)"


def families() -> Iterator[Family]:
    """Yield every metric with its samples."""
    yield from _waiting()
    yield from _times({queue: lately(queue) for queue in WATCHED})
    failed = [({"state": state}, n) for state, n in failed_lately().items()]
    yield gauge("hemaqueue_jobs_failed_lately", "Jobs that ended badly in 15 minutes.", failed)
    yield from _workers()
    yield from _counters()
    serving, missing = models_serving().count(), len(unproved())
    yield gauge("hemaqueue_models_serving", "Model versions that serve.", [({}, serving)])
    yield gauge(
        "hemaqueue_models_unproved",
        "Serving versions with which no present worker scored the known picture.",
        [({}, missing)],
    )
    yield from _backup()
    free = storage.free_bytes()
    yield gauge("hemaqueue_store_free_bytes", "Room that is left for images.", [({}, free)])


def _waiting() -> Iterator[Family]:
    found, now = depths(WATCHED), timezone.now()
    labels = [{"queue": one.queue, "lane": one.lane, "state": one.state} for one in found]
    yield gauge(
        "hemaqueue_jobs",
        "Jobs that are not over.",
        zip(labels, (one.jobs for one in found), strict=True),
    )
    ages = (max(0.0, (now - one.oldest).total_seconds()) if one.oldest else 0.0 for one in found)
    yield gauge(
        "hemaqueue_job_oldest_seconds",
        "For how long the oldest of them could have been done.",
        zip(labels, ages, strict=True),
    )


def _times(by_queue: dict[Queue, Lately]) -> Iterator[Family]:
    yield gauge(
        "hemaqueue_job_stage_seconds",
        "How long the newest 500 jobs of 15 minutes stood in each stage, at a rank.",
        [
            ({"queue": queue.value, "stage": stage, "rank": rank}, seconds)
            for queue, found in by_queue.items()
            for stage, ranks in found.stages.items()
            for rank, seconds in ranks.items()
        ],
    )
    yield gauge(
        "hemaqueue_parcel_jobs",
        "How many of these jobs travelled together, at a rank.",
        [
            ({"queue": queue.value, "rank": rank}, jobs)
            for queue, found in by_queue.items()
            for rank, jobs in found.parcels.items()
        ],
    )


def _workers() -> Iterator[Family]:
    there = list(workers_present())
    listening = {queue: [one for one in there if queue in one.queues] for queue in Queue}
    yield gauge(
        "hemaqueue_workers",
        "Workers that said within 45 seconds that they are there.",
        [({"queue": queue.value}, len(some)) for queue, some in listening.items()],
    )
    yield gauge(
        "hemaqueue_worker_processes",
        "Processes of these workers.",
        [
            ({"queue": queue.value}, sum(one.processes for one in some))
            for queue, some in listening.items()
        ],
    )
    probe = Ear.objects.filter(pk=1).values_list("probe_at", flat=True).first()
    age = (timezone.now() - probe).total_seconds() if probe else NEVER
    yield gauge(
        "hemaqueue_dispatcher_probe_age_seconds",
        "Since a dispatcher's probe came back through the records queue; -1 if none ever did.",
        [({}, age)],
    )


def _backup() -> Iterator[Family]:
    last = backup_latest()
    age = (timezone.now() - last.at).total_seconds() if last else NEVER
    yield gauge(
        "hemaqueue_backup_age_seconds",
        "Since the last backup was finished; -1 if none ever was.",
        [({}, age)],
    )


def _counters() -> Iterator[Family]:
    with connection.cursor() as cursor:
        cursor.execute(INSERTED, [list(COUNTED)])
        inserted = dict(cursor.fetchall())
    for table, (name, help) in COUNTED.items():
        yield counter(f"hemaqueue_{name}", help, inserted.get(table, 0))
    yield counter(
        "hemaqueue_single_files_refused_total",
        "Files without a batch that were refused.",
        files_refused_alone(),
    )
