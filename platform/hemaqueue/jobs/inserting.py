"""A new job with its first event in one statement: five round trips less in every upload."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection

from hemaqueue.jobs.models import Job

STATEMENT = """
WITH made AS (
    INSERT INTO jobs_job ({columns}, available_at)
    VALUES ({values}, coalesce(%s, statement_timestamp()))
    ON CONFLICT (dedupe_key) WHERE finished_at IS NULL DO NOTHING
    RETURNING id, state, requested_by_id, created_at, available_at
), told AS (
    INSERT INTO jobs_jobevent (job_id, state, attempt, code, by_id)
    SELECT id, state, 0, '', requested_by_id FROM made
)
SELECT created_at, available_at, pg_notify('ledger', '') FROM made
"""


def job_insert(job: Job) -> bool:
    """Insert a job unless one like it is live; the dispatcher wakes when the caller commits.

    It is available at once, or from the time that it was given.
    """
    statement, fields = _prepared()
    values = [one.get_db_prep_save(getattr(job, one.attname), connection) for one in fields]
    values.append(job.available_at if isinstance(job.available_at, datetime) else None)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        made = cursor.fetchone()
    if made is None:
        return False
    job.created_at, job.available_at, _ = made
    job._state.adding = False
    return True


@cache
def _prepared() -> tuple[str, list[Any]]:
    """Return the statement, and the fields that it is given; the others have database defaults."""
    fields = [one for one in Job._meta.concrete_fields if not one.has_db_default()]
    columns = ", ".join(connection.ops.quote_name(str(one.column)) for one in fields)
    return STATEMENT.format(columns=columns, values=", ".join(["%s"] * len(fields))), fields
