"""Starts a real PostgreSQL and Redis for the tests, before Django's settings are read.

A plugin (`-p tests.servers`), not a conftest: pytest-django reads the settings while the initial
conftests are loaded, and they need DATABASE_URL. Servers that are given are used as they are.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.local import environment
from deploy.local.postgres import Postgres
from deploy.local.redis import Redis

VENV = Path(sys.prefix)


@dataclass
class Servers:
    """The servers of this run; None for one that was given from outside."""

    folder: Path
    postgres: Postgres | None = None
    redis: Redis | None = None
    names: list[str] = field(default_factory=list)

    def stop(self) -> None:
        """Stop what this run started, and remove its folder."""
        if self.redis is not None:
            self.redis.stop()
        if self.postgres is not None:
            self.postgres.stop()
            self.postgres.remove()
        shutil.rmtree(self.folder, ignore_errors=True)


_servers: Servers | None = None


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Start the servers and name them in the environment."""
    global _servers
    if _servers is None:
        _servers = _start()
        atexit.register(_servers.stop)


def pytest_report_header() -> list[str]:
    """Say in the log what the tests ran on."""
    return [f"servers: {', '.join(_servers.names)}"] if _servers else []


def pytest_unconfigure() -> None:
    """Stop the servers (again at exit, where a usage error skips this hook)."""
    if _servers is not None:
        _servers.stop()


@pytest.fixture(scope="session")
def servers() -> Servers:
    """The servers of this run."""
    assert _servers is not None
    return _servers


@pytest.fixture
def own_postgres(tmp_path: Path) -> Iterator[Postgres]:
    """A PostgreSQL for one test alone: it may be stopped, killed and restarted."""
    postgres = Postgres(tmp_path, VENV, throwaway=True)
    postgres.start()
    yield postgres
    postgres.remove()


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[Redis]:
    """A Redis for one test alone: it may be flushed, killed and restarted."""
    redis = Redis(tmp_path, VENV)
    redis.start()
    yield redis
    redis.stop()


def _start() -> Servers:
    folder = Path(tempfile.mkdtemp(prefix="hemaqueue-test-"))
    folder.chmod(0o755)  # PostgreSQL enters it as another user when the tests run as root
    started = Servers(folder)
    embedded = os.environ.get("HEMAQUEUE_EMBEDDED") == "1"
    if "DATABASE_URL" not in os.environ:
        started.postgres = Postgres(folder, VENV, throwaway=True, embedded=embedded)
        started.postgres.start()
        started.names.append(started.postgres.version)
        os.environ["DATABASE_URL"] = started.postgres.url
    if "REDIS_URL" not in os.environ:
        started.redis = Redis(folder, VENV, throwaway=True, embedded=embedded)
        started.redis.start()
        started.names.append(started.redis.version)
        os.environ["REDIS_URL"] = started.redis.url
    _separate_the_workers()
    os.environ.setdefault("HEMAQUEUE_DATA", str(folder / "data"))
    if "HEMAQUEUE_MESSAGE_KEY" not in os.environ:
        os.environ.update(environment.new_keys())
    return started


def _separate_the_workers() -> None:
    """Give each process of pytest-xdist its own Redis database and its own folder."""
    name = os.environ.get("PYTEST_XDIST_WORKER")
    if name is None:
        return
    url, _, _ = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{url}/{int(name.removeprefix('gw')) + 1}"
    os.environ["HEMAQUEUE_DATA"] = f"{os.environ['HEMAQUEUE_DATA']}-{name}"
