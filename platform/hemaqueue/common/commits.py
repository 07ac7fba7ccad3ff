"""Commits that do not wait for the disk."""

from __future__ import annotations

from django.db import connection


def commit_soon() -> None:
    """Let the commit of this transaction not wait for the disk.

    For what is told again anyway: if PostgreSQL crashes within the next half second, it was never
    said. Nothing else is lost, and nothing is left half-written.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO OFF")
