"""A job in the words of the interface."""

from __future__ import annotations

from uuid import UUID

from hemaqueue.api.answers import ErrorAnswer, JobAnswer
from hemaqueue.api.shown.links import link, result_link
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import job_position
from hemaqueue.jobs.states import RETRYABLE, JobState

STAGES: dict[str, str] = {
    JobState.QUEUED: "It is stored and waits for a worker.",
    JobState.SENT: "It is next in line.",
    JobState.RUNNING: "A worker is at it.",
    JobState.SUCCEEDED: "Done.",
    JobState.FAILED: "It failed.",
    JobState.DEAD: "It was given up after it stopped its worker several times.",
    JobState.CANCELLED: "It was cancelled.",
}


def job_answer(job: Job) -> JobAnswer:
    state = JobState(job.state)
    return JobAnswer(
        id=job.pk,
        url=link("job", job.pk),
        work=job.work,
        state=public_state(state),
        stage=STAGES[state],
        final=state.is_final,
        position=job_position(job),
        attempt=job.attempt,
        progress=job.progress,
        error=error_answer(job),
        cancel_requested=job.cancel_requested,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        subject=job.subject,
        model_version=UUID(version) if (version := job.shared.get("version")) else None,
        result_url=result_link(job) if state is JobState.SUCCEEDED else None,
    )


def public_state(state: JobState) -> str:
    """People see a job that was sent as one that is queued."""
    return JobState.QUEUED.value if state is JobState.SENT else state.value


def error_answer(job: Job | None) -> ErrorAnswer | None:
    """Return why a job is not done; between two tries, why the last one did not succeed."""
    if job is None or not job.error_code:
        return None
    return ErrorAnswer(
        code=job.error_code,
        stage=str(job.progress.get("stage", "")) or job.work.partition(".")[2],
        message=job.error_detail,
        attempt=job.attempt,
        retryable=job.state in RETRYABLE,
    )
