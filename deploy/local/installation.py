"""One whole Hemaqueue below one folder: servers, keys, database, processes."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from deploy.local import environment, roles
from deploy.local.paths import PYTHON, ROOT, VENV
from deploy.local.ports import free_port
from deploy.local.postgres import Postgres
from deploy.local.redis import Redis
from deploy.local.supervisor import Supervisor

LINES_SHOWN = 25
NO_REDIS = "redis://127.0.0.1:1/0"  # for commands that ask it nothing


class AlreadyRunning(Exception):
    """Another launcher uses this data folder."""


class CommandFailed(Exception):
    """One of manage.py's commands failed; the message holds what it printed."""


@dataclass
class Installation:
    """A running system.

    `throwaway` is for benchmarks and tests: nothing outlives them, and they fill servers of their
    own, never those that the environment names. `durable` ones wait for the disk as others do.
    """

    data: Path
    settings: str = "hemaqueue.settings.demo"
    port: int = 0
    throwaway: bool = False
    durable: bool = False
    processes: int = 0
    extra: Mapping[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict, init=False, repr=False)
    names: list[str] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.data = self.data.resolve()
        self.port = self.port or free_port()
        self.processes = self.processes or roles.inference_processes()
        self.supervisor = Supervisor(logs=self.data / "logs")
        self.postgres: Postgres | None = None
        self.redis: Redis | None = None
        self._lock: IO[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start_servers(self) -> None:
        """Take the folder, start PostgreSQL and Redis where none is given, make the keys."""
        self._take_folder()
        (self.data / "static").mkdir(exist_ok=True)
        self.given = {
            "HEMAQUEUE_DATA": str(self.data),
            "HEMAQUEUE_PUBLIC_URL": self.url,
            "DATABASE_URL": self._named("DATABASE_URL") or self._start_postgres(),
            "REDIS_URL": self._named("REDIS_URL") or self._start_redis(),
        }
        self.given |= environment.keys(self.data) | dict(self.extra)

    def start_processes(self, *, only: Callable[[str], bool] = lambda _: True) -> None:
        """Start the roles whose name `only` accepts and that do not run yet."""
        running = self.supervisor.processes()
        for role in roles.platform_roles(
            given=self.given, settings=self.settings, port=self.port, processes=self.processes
        ):
            if only(role.name) and role.name not in running:
                self.supervisor.start(role)

    def migrate(self) -> None:
        """Bring the database up to date; skipped when no migration changed since the last time."""
        stamp = self.data / "migrated.sha256"
        wanted = _digest_of_migrations() + self.given["DATABASE_URL"].rpartition("@")[2][-20:]
        if not self.throwaway and stamp.exists() and stamp.read_text() == wanted:
            return
        self.manage("migrate", "--no-input", "--verbosity", "0")
        stamp.write_text(wanted)

    def manage(self, *arguments: str) -> str:
        """Run a command of manage.py and return its standard output. Raises CommandFailed."""
        return manage(*arguments, given=self.given, settings=self.settings)

    def demo_setup(self) -> dict[str, Any]:
        """Create the site, the people and the models; returns the logins and Tessa's token."""
        answer = self.manage("demo_setup").strip().splitlines()[-1]
        return dict(json.loads(answer))

    def answers(self) -> bool:
        """Whether the web process answers."""
        with suppress(OSError), urllib.request.urlopen(f"{self.url}/livez", timeout=5) as answer:
            return bool(answer.status == 200)
        return False

    def stop(self) -> None:
        """Stop the processes, then Redis, then PostgreSQL."""
        self.supervisor.stop()
        for server in (self.redis, self.postgres):
            if server is not None:
                server.stop()
        if self.throwaway and self.postgres is not None:
            self.postgres.remove()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @property
    def _is_quick(self) -> bool:
        return self.throwaway and not self.durable

    def _named(self, variable: str) -> str | None:
        return None if self.throwaway else os.environ.get(variable)

    def _start_postgres(self) -> str:
        self.postgres = Postgres(self.data, VENV, self._is_quick, _embedded())
        self.postgres.start()
        self.names.append(self.postgres.version)
        return self.postgres.url

    def _start_redis(self) -> str:
        self.redis = Redis(self.data, VENV, self._is_quick, _embedded())
        self.redis.start()
        self.names.append(self.redis.version)
        return self.redis.url

    def _take_folder(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        lock = (self.data / "lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise AlreadyRunning(
                f"another ./hemaqueue uses {self.data}; stop it, or choose another --data folder"
            ) from error
        self._lock = lock


def manage(
    *arguments: str, given: Mapping[str, str], settings: str = "hemaqueue.settings.demo"
) -> str:
    """Run a command of manage.py and return its standard output. Raises CommandFailed."""
    run = subprocess.run(
        [str(PYTHON), "manage.py", *arguments],
        cwd=ROOT, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL,
        env=environment.platform(settings=settings, given={"REDIS_URL": NO_REDIS} | dict(given)),
    )  # fmt: skip
    if run.returncode:
        said = "\n".join((run.stdout + run.stderr).splitlines()[-LINES_SHOWN:])
        raise CommandFailed(f"manage.py {arguments[0]} failed:\n{said}")
    return run.stdout


def _embedded() -> bool:
    """HEMAQUEUE_EMBEDDED=1 prefers the wheels' servers to the system's."""
    return os.environ.get("HEMAQUEUE_EMBEDDED") == "1"


def _digest_of_migrations() -> str:
    digest = hashlib.sha256((ROOT / "requirements" / "all.txt").read_bytes())
    for path in sorted((ROOT / "platform" / "hemaqueue").glob("*/migrations/*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
