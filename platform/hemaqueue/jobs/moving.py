"""Moving jobs: the change, an event for each and the word to those who wait are one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.db.models.sql import UpdateQuery

from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import JobState

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User

STATEMENT = """
WITH moved AS ({update} RETURNING id, subject, attempt), told AS (
    INSERT INTO jobs_jobevent (job_id, state, attempt, code, by_id)
    SELECT id, %s, attempt, %s, %s::uuid FROM moved ORDER BY id
)
SELECT {word} FROM moved
"""
ENDED = "pg_notify('ended_' || replace(subject::text, '-', ''), '')"


def ledger_notify() -> None:
    """Wake the dispatcher when this transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY ledger")


def ended_channel(subject: UUID) -> str:
    """Return where PostgreSQL says that work on this subject has ended."""
    return f"ended_{subject.hex}"


def jobs_move(
    jobs: Sequence[Job], state: JobState, *, by: User | None = None, code: str = "", **values: Any
) -> None:
    """Move locked jobs, one at least, along the table of states.py, leaving one event each.

    Being sent is a new try. Whoever waits for an end is told when this transaction commits.
    """
    for job in jobs:
        if not JobState(job.state).may_become(state):
            raise AssertionError(f"{job} may not become {state}")
    tries = 1 if state is JobState.SENT else 0
    finished = Now() if state.is_final else None
    found = Job.objects.filter(pk__in=[job.pk for job in jobs])
    update: Any = found.query.chain(UpdateQuery)
    update.add_update_values(
        {"state": state, "finished_at": finished, "attempt": F("attempt") + tries} | values
    )
    written, given = update.get_compiler(found.db).as_sql()
    statement = STATEMENT.format(update=written, word=ENDED if state.is_final else "1")
    with connection.cursor() as cursor:
        cursor.execute(statement, [*given, state.value, code, by.pk if by else None])
