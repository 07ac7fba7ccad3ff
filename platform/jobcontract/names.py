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
    LOCATE_CELLS = "inference.locate_cells"
    CHECK_MODEL = "inference.check_model"
    PROVE_MODEL = "inference.prove_model"
    TRY_SMEARS = "inference.try_smears"
    RESCORE_SMEARS = "inference.rescore_smears"
    FINE_TUNE_MODEL = "training.fine_tune_model"
    EVALUATE_MODEL = "training.evaluate_model"
    RENDER_REPORT = "reports.render_report"
    UNPACK_ARCHIVE = "intake.unpack_archive"
    IMPORT_DATASET = "intake.import_dataset"
    BUILD_EXPORT = "reports.build_export"

    @property
    def queue(self) -> Queue:
        return Queue(self.value.partition(".")[0])


class Method(StrEnum):
    """How a heatmap comes about."""

    CAM = "cam"  # read off a pooled head: Grad-CAM on the logit, at no cost
    GRADCAM = "gradcam"
    OCCLUSION = "occlusion"  # for want of a gradient, or on demand


class News(StrEnum):
    """What a worker, or the dispatcher, tells the records worker."""

    STARTED = "started"
    PROGRESS = "progress"
    FINISHED = "finished"
    CRASHED = "crashed"
    RELEASED = "released"  # its worker had to end first: no fault of anybody's
    PRESENT = "present"  # a worker is alive and listening
    PROBE = "probe"  # the dispatcher asks whether news is being heard


HEAR_NEWS = "records.hear_news"
"""The one Celery task through which news enters the platform."""

# Redis serves the lower number first: someone is waiting for an interactive message.
REDIS_PRIORITY_INTERACTIVE = 0
REDIS_PRIORITY_BULK = 6

# kombu keeps one list per step of priority; step 0 bears the queue's plain name.
PRIORITY_STEPS = (0, 3, 6, 9)
SEPARATOR = "\x06\x16"


def redis_priority(*, urgent: bool) -> int:
    return REDIS_PRIORITY_INTERACTIVE if urgent else REDIS_PRIORITY_BULK


def redis_list(queue: str, priority: int) -> str:
    """Return the Redis list in which kombu keeps a queue's messages of one priority."""
    return f"{queue}{SEPARATOR}{priority}" if priority else queue


def redis_lists(queue: str) -> list[str]:
    """Return every Redis list in which kombu keeps a queue's messages."""
    return [redis_list(queue, step) for step in PRIORITY_STEPS]
