"""The queues, the work that travels on them, and the news that comes back."""

from __future__ import annotations

from enum import StrEnum


class Queue(StrEnum):
    INFERENCE = "inference"
    QUARANTINE = "inference.quarantine"  # one message at a time, served on demand
    TRAINING = "training"
    REPORTS = "reports"
    INTAKE = "intake"  # served by the report worker: the other work that needs the platform
    RECORDS = "records"


class Work(StrEnum):
    """Tasks that a worker performs for the platform."""

    CLASSIFY_SMEARS = "inference.classify_smears"
    EXPLAIN_PREDICTION = "inference.explain_prediction"
    FINE_TUNE_MODEL = "training.fine_tune_model"
    RENDER_REPORT = "reports.render_report"
    UNPACK_ARCHIVE = "intake.unpack_archive"
    BUILD_EXPORT = "reports.build_export"

    @property
    def queue(self) -> Queue:
        return Queue(self.value.partition(".")[0])


class News(StrEnum):
    """What a worker, or the dispatcher, tells the records worker."""

    STARTED = "started"
    PROGRESS = "progress"
    FINISHED = "finished"
    CRASHED = "crashed"
    PRESENT = "present"  # a worker is alive and listening
    PROBE = "probe"  # the dispatcher asks whether news is being heard


HEAR_NEWS = "records.hear_news"
"""The one Celery task through which news enters the platform."""

# Redis serves the lower number first: someone is waiting for an interactive message.
REDIS_PRIORITY_INTERACTIVE = 0
REDIS_PRIORITY_BULK = 6
