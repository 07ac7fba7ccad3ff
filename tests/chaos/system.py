"""The whole product under its own supervisor, with what stands between it and the faults."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg2
from redis import Redis

from deploy.local import children, environment, roles
from deploy.local.client import Client
from deploy.local.installation import Installation
from deploy.local.paths import ROOT
from tests.chaos import clocks, disk
from tests.chaos.below import poison, seam
from tests.chaos.mischief import Recorder
from tests.chaos.plan import Plan
from tests.chaos.proxy import Proxy

BELOW = ROOT / "tests" / "chaos" / "below" / "path"
SETTINGS = "tests.chaos.below.settings"
READY_SECONDS = 300.0
DISK_MIB = 96
TICK = 0.05


class NotReady(Exception):
    """The system did not come up."""


class System:
    """A throwaway installation: two dispatchers, Redis behind a proxy, images on a small disk."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan, self.folder = plan, folder
        self.temporary = folder / "temporary"
        self.began = time.monotonic()
        self.tmpfs = False
        self.people: dict[str, Any] = {}
        self.recorder = Recorder()
        self._due: list[tuple[float, Callable[[], None]]] = []
        self.installation = Installation(
            folder,
            settings=SETTINGS,
            throwaway=True,
            processes=plan.processes,
            extra=self._extra(),
        )
        self.installation.supervisor.most_deaths = sys.maxsize

    def __enter__(self) -> System:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _extra(self) -> dict[str, str]:
        poisoned = ("poison", "short_limits") if self.plan.poison else ()
        slow = ("slow",) if self.plan.slow else ()
        changes = [*poisoned, *slow, *self.plan.broken]
        path = os.pathsep.join([str(BELOW), environment.base()["PYTHONPATH"]])
        return {
            "HEMAQUEUE_SILENCE_SECONDS": str(self.plan.silence),
            "HEMAQUEUE_WATCHDOG_SECONDS": str(2 * self.plan.silence),
            "HEMAQUEUE_SOFT_SHUTDOWN_SECONDS": "5",
            "PYTHONPATH": path,
            "TMPDIR": str(self.temporary),
            seam.VARIABLE: ",".join(changes),
            poison.SLOW: str(self.plan.slow),
        }

    def _start(self) -> None:
        self.temporary.mkdir(parents=True)
        mib = max(DISK_MIB, self.plan.images // 4)
        self.tmpfs = disk.mount_small(self.folder / "files", mib=mib)
        self.installation.start_servers()
        self._keep_redis_on_disk()
        self.proxy = Proxy(self._redis.port)
        self.proxy.start()
        self.redis_url = self.installation.given["REDIS_URL"]
        self.installation.given["REDIS_URL"] = self.redis_url.replace(
            f":{self._redis.port}/", f":{self.proxy.port}/"
        )
        drawn = clocks.drawn(self.plan.chance("clocks"))
        self.wrong_clock, self.offset = drawn if self.plan.clocks else ("", "")
        self.installation.start_processes(
            only=lambda name: name == "inference" and self._true(name)
        )
        self.installation.migrate()
        self.people = self.installation.demo_setup()
        self.installation.start_processes(only=lambda name: self._wanted(name) and self._true(name))
        self._start_others()
        self.recorder.start(self.redis())
        self.watch(self._is_up, seconds=READY_SECONDS, what="the system to come up")

    def _keep_redis_on_disk(self) -> None:
        """Let Redis keep its append-only file for every other seed: without, a kill is a loss."""
        self._redis.throwaway = self.plan.seed % 2 == 0
        self._redis.restart()

    def _wanted(self, name: str) -> bool:
        return self.plan.training or name != "training"

    def _true(self, name: str) -> bool:
        return name != self.wrong_clock

    def _start_others(self) -> None:
        """Start the second dispatcher, and whose clock is wrong."""
        given = roles.platform_roles(
            given=self.installation.given, settings=SETTINGS, port=self.installation.port,
            processes=self.plan.processes,
        )  # fmt: skip
        roles_by_name = {role.name: role for role in given}
        second = replace(roles_by_name["dispatcher"], name="dispatcher-2")
        others = {"dispatcher-2": second}
        if self.wrong_clock:
            role = (roles_by_name | others)[self.wrong_clock]
            others[self.wrong_clock] = clocks.skewed(role, offset=self.offset)
        for role in others.values():
            self.installation.supervisor.start(role)

    def _is_up(self) -> bool:
        heard = "SELECT count(*) FROM jobs_workerpresence WHERE queues @> '[\"inference\"]'"
        return self.installation.answers() and self.rows(heard) != [(0,)]

    @property
    def _redis(self) -> Any:
        return self.installation.redis

    @property
    def client(self) -> Client:
        return Client(self.installation.port, self.people["token"])

    def redis(self) -> Redis:
        """Return a client that does not go through the proxy."""
        return Redis.from_url(self.redis_url, socket_timeout=2, socket_connect_timeout=2)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        database = closing(psycopg2.connect(self.installation.given["DATABASE_URL"]))
        with database as connection, connection.cursor() as cursor:
            cursor.execute(query, values or None)
            return cursor.fetchall()

    def pids(self) -> dict[str, int]:
        """Return the main processes by role."""
        return self.installation.supervisor.processes()

    def environment(self) -> dict[str, str]:
        """Return what a process of the platform gets."""
        return environment.platform(settings=SETTINGS, given=self.installation.given)

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Do something after some seconds of watching."""
        self._due.append((time.monotonic() + seconds, act))

    @property
    def has_due(self) -> bool:
        """Whether a fault goes on."""
        return bool(self._due)

    def settle(self) -> None:
        """Do now what was put off: every fault that lasts ends."""
        due, self._due = self._due, []
        for _, act in due:
            act()

    def tick(self) -> None:
        """Restart what died, end the faults whose time is over."""
        now = time.monotonic()
        due = [pair for pair in self._due if pair[0] <= now]
        self._due = [pair for pair in self._due if pair[0] > now]
        for _, act in due:
            act()
        self.installation.supervisor.watch()
        time.sleep(TICK)

    def wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.tick()

    def watch(self, until: Callable[[], bool], *, seconds: float, what: str = "") -> bool:
        """Keep the processes running until something holds; raise NotReady if `what` is named."""
        deadline = time.monotonic() + seconds
        while not _holds(until):
            if time.monotonic() > deadline:
                if what:
                    raise NotReady(f"waited {seconds:.0f} s for {what}")
                return False
            self.tick()
        return True

    def restart_postgres(self, *, away: float) -> None:
        """Crash PostgreSQL (immediate shutdown), and start it after a while."""
        server = self.installation.postgres
        if server is None or server.process is None:
            return
        children.stop(server.process, by=signal.SIGQUIT)
        server.process = None
        self.later(away, server.start)

    def kill_redis(self, *, away: float) -> None:
        """End Redis as a power cut would, and start it after a while."""
        if self._redis.process is not None:
            self._redis.kill()
            self.later(away, self._redis.start)

    def stop(self) -> None:
        """Stop everything and leave nothing behind."""
        try:
            self.settle()
        finally:
            self.recorder.stop()
            self.installation.stop()
            if hasattr(self, "proxy"):
                self.proxy.stop()
            if self.tmpfs:
                disk.unmount(self.folder / "files")
            self._keep_logs()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _keep_logs(self) -> None:
        """Leave the logs where the plan wants them, for whoever looks for the cause."""
        if self.plan.logs:
            shutil.copytree(self.folder / "logs", self.plan.logs, dirs_exist_ok=True)


def _holds(until: Callable[[], bool]) -> bool:
    """A database that is away at this moment does not hold anything."""
    try:
        return until()
    except psycopg2.Error:
        return False
