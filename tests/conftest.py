"""What every test may use. The servers are in `tests.servers`, a plugin that loads earlier."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.utils import translation

NEVER_EMPTIED = """
    SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE '%never\\_emptied%'
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """Tests that commit are cleaned up by TRUNCATE, which append-only tables forbid."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(NEVER_EMPTIED)
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{name}"')


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Forget the language of the last request: what comes next did not choose it."""
    yield
    translation.deactivate()
