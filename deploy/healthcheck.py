"""A container's health: `python deploy/healthcheck.py web|redis|database`. Exit status 0 or 1."""

from __future__ import annotations

import os
import sys
import urllib.request

from jobcontract.environment import secret


def web() -> None:
    """Ask the web process itself, as nginx would."""
    host = os.environ["HEMAQUEUE_ALLOWED_HOSTS"].split(",")[0]
    request = urllib.request.Request(
        "http://127.0.0.1:8000/livez", headers={"Host": host, "X-Forwarded-Proto": "https"}
    )
    urllib.request.urlopen(request, timeout=5).close()  # noqa: S310


def redis() -> None:
    """A worker without its queue does nothing."""
    import redis as client

    client.Redis.from_url(secret("REDIS_URL"), socket_timeout=5).ping()


def database() -> None:
    """The dispatcher without the ledger does nothing."""
    import psycopg2

    psycopg2.connect(secret("DATABASE_URL"), connect_timeout=5).close()


if __name__ == "__main__":
    try:
        {"web": web, "redis": redis, "database": database}[sys.argv[1]]()
    except Exception as error:
        sys.exit(f"unhealthy: {type(error).__name__}")
