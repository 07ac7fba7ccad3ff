"""Looks for words and pixels in clear, in every place on the disk where a system writes.

PostgreSQL may lie outside of the installation's folder (it does not run as root), so its files are
looked for where the server says that they are.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path

import psycopg2
from redis import Redis

from tests.stack import Stack

Found = set[tuple[str, str]]


def places(stack: Stack) -> dict[str, Path]:
    """Return the folders by what lies in them; the installation's other files are `else`."""
    own, postgres = stack.installation.data, stack.installation.postgres
    assert postgres is not None
    return {
        "store": own / "files",
        "temporary": own / "tmp",
        "logs": own / "logs",
        "redis": own / "redis",
        "wal": postgres.data / "pg_wal",
        "database": postgres.data,
        "else": own,
    }


def redis_writes_everything_down(stack: Stack) -> None:
    """Let Redis keep each command that comes from now on, as it does in production."""
    with Redis.from_url(stack.installation.given["REDIS_URL"]) as redis:
        redis.config_set("appendonly", "yes")
        redis.config_set("appendfsync", "always")
        redis.config_set("auto-aof-rewrite-percentage", "0")


def everything_written(stack: Stack) -> None:
    """Have Redis, and the log of PostgreSQL, on the disk as far as they have come."""
    with Redis.from_url(stack.installation.given["REDIS_URL"]) as redis:
        redis.save()
    url = stack.installation.given["DATABASE_URL"]
    patient = psycopg2.connect(url, options="-c synchronous_commit=on")
    with closing(patient) as database, database, database.cursor() as cursor:
        cursor.execute("SELECT pg_logical_emit_message(true, 'scan', '')")  # all before it, too


def found_in_clear(stack: Stack, canaries: Mapping[str, bytes]) -> Found:
    """Return every `(place, canary)` where one stands as it is, in base64 or in UTF-16."""
    everything_written(stack)
    known = places(stack)
    seen: set[Path] = set()
    found: Found = set()
    for place, folder in known.items():
        for path in folder.rglob("*"):
            if path not in seen and path.is_file():
                seen.add(path)
                found |= {(place, name) for name in _readable(path, canaries)}
    assert all(any(folder in path.parents for path in seen) for folder in _never_empty(known))
    return found


def _never_empty(known: Mapping[str, Path]) -> list[Path]:
    return [folder for place, folder in known.items() if place != "temporary"]


def _readable(path: Path, canaries: Mapping[str, bytes]) -> Iterator[str]:
    data = b""
    with suppress(FileNotFoundError):  # it was removed meanwhile
        data = path.read_bytes()
    for name, canary in canaries.items():
        if any(form in data for form in forms(canary)):
            yield name


def forms(canary: bytes) -> list[bytes]:
    """Return a canary as it is, in UTF-16, and within base64 at each of three places."""
    wide = canary.decode(errors="ignore").encode("utf-16-le")
    within = [base64.b64encode(bytes(shift) + canary)[4:-4] for shift in range(3)]
    return [canary, *([wide] if len(wide) == 2 * len(canary) else []), *within]
