"""What every test may use. The servers are in `tests.servers`, a plugin that loads earlier."""

from __future__ import annotations

import pytest
from django.db import connection

EMPTIED_BETWEEN_TESTS = (
    "audit_auditevent",
    "audit_auditseal",
    "reviews_amendment",
    "reviews_signature",
)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Tests that commit are cleaned up by TRUNCATE, which the audit trail's triggers forbid."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        for table in EMPTIED_BETWEEN_TESTS:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s",
                [table, "%never_emptied%"],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{name}"')
