"""What the benchmarks share: a running system, the raw network beside it, unique pictures."""

from __future__ import annotations

import json
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psycopg2

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks._accounting import cpu_seconds, largest
from benchmarks._machine import machine
from deploy.local import environment
from deploy.local.client import Client
from deploy.local.installation import Installation
from deploy.local.paths import PYTHON, ROOT

SCRIPTS = Path(__file__).parent
READY_SECONDS = 180
SERVERS = ("postgres", "redis")


@dataclass
class Running:
    """A system that serves the fixed network, and what may be asked of it."""

    installation: Installation
    client: Client
    bundle: Path
    people: Mapping[str, Any]

    @property
    def roots(self) -> list[int]:
        servers = (self.installation.postgres, self.installation.redis)
        pids = [one.process.pid for one in servers if one is not None and one.process is not None]
        return [*self.installation.supervisor.processes().values(), *pids]

    def cpu(self) -> float:
        return cpu_seconds(self.roots)

    def cpu_of(self, role: str) -> float:
        """Return the CPU seconds of one role or server, with all its children."""
        servers = dict(zip(SERVERS, self.roots[-2:], strict=True))
        return cpu_seconds([servers.get(role) or self.installation.supervisor.processes()[role]])

    def largest_child(self, role: str) -> tuple[float, float]:
        """Return GiB of the largest process of a role: resident, and with shared pages divided."""
        return largest(self.installation.supervisor.processes()[role])

    def ask(self, query: str) -> Any:
        """Return the first value of a query's first row."""
        with self.database.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]

    @cached_property
    def database(self) -> Any:
        """One connection for all questions: a new one each time would be measured too."""
        connection = psycopg2.connect(self.installation.given["DATABASE_URL"])
        connection.autocommit = True
        return connection

    def wait(self, until: Callable[[], bool], *, seconds: float = READY_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not until():
            if time.monotonic() > deadline:
                raise SystemExit(f"still waiting after {seconds} s")
            self.installation.supervisor.watch()
            time.sleep(0.1)

    def close(self) -> None:
        self.client.close()
        if "database" in vars(self):
            self.database.close()

    def is_drained(self) -> bool:
        return bool(self.ask("SELECT NOT EXISTS (SELECT FROM jobs_job WHERE finished_at IS NULL)"))


@contextmanager
def running(*, processes: int = 0, extra: Mapping[str, str] = {}) -> Iterator[Running]:
    """Start a throw-away system whose fields are classified by the fixed network.

    `extra` is more of its environment.
    """
    with scratch() as folder:
        bundle = fixed_bundle(folder / "fixed")
        with serving(bundle, folder / "data", processes=processes, extra=extra) as system:
            warm_up(system, folder / "warm")
            yield system


@contextmanager
def serving(
    bundle: Path, data: Path, *, processes: int = 0, extra: Mapping[str, str] = {}
) -> Iterator[Running]:
    """Start a throw-away system in the folder `data` that a bundle serves, and end it."""
    installation = Installation(
        data, throwaway=True, durable=True, processes=processes, extra=extra
    )
    try:
        installation.start_servers()
        installation.migrate()
        installation.manage("register_bundles", "--unjudged", str(bundle))
        people = installation.demo_setup()
        installation.start_processes()
        client = Client(installation.port, people["token"])
        with closing(Running(installation, client, bundle, people)) as system:
            system.wait(installation.answers)
            yield system
    finally:
        installation.stop()


@contextmanager
def scratch() -> Iterator[Path]:
    """Lend a folder; who asks the bench to end (SIGTERM) has everything ended and removed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with tempfile.TemporaryDirectory(prefix="hemaqueue-bench-") as name:
        yield Path(name)


def fixed_bundle(folder: Path) -> Path:
    script = [str(PYTHON), str(SCRIPTS / "_network.py"), str(folder)]
    subprocess.run(script, check=True, env=environment.base(), cwd=ROOT)
    return folder


def warm_up(system: Running, folder: Path) -> None:
    """Let every process load its network before anything is timed."""
    count = 16 * system.installation.processes
    for round_ in range(3):
        for file in pictures(folder, count=count, seed=90_000 + round_):
            system.client.upload(file, {"image_kind": "field"})
        system.wait(system.is_drained)


def pictures(
    folder: Path, *, count: int, seed: int, size: tuple[int, int] = (224, 224)
) -> list[Path]:
    """Write `count` JPEGs with unique bytes: blurred noise, about as large as a smear's."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    files = []
    for number in range(count):
        noise = random.integers(60, 255, (size[1] // 4, size[0] // 4, 3), dtype=np.uint8)
        picture = cv2.resize(noise, size, interpolation=cv2.INTER_CUBIC)
        file = folder / f"{seed}-{number}.jpg"
        cv2.imwrite(str(file), picture, [cv2.IMWRITE_JPEG_QUALITY, 92])
        files.append(file)
    return files


Raw = Callable[[float], dict[str, float]]


@contextmanager
def raw_network(bundle: Path, *, kind: str, processes: int, threads: int = 1) -> Iterator[Raw]:
    """Load the network alone in `processes` × `threads`; yield what runs it for some seconds.

    That returns images per second, and CPU ms an image. In between the processes wait.
    """
    script = [str(PYTHON), str(SCRIPTS / "_raw.py"), str(bundle), kind, str(threads)]
    env = environment.base() | (environment.ONE_THREAD if threads == 1 else {})
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    children = [subprocess.Popen(script, env=env, cwd=ROOT, **pipes) for _ in range(processes)]

    def run(seconds: float) -> dict[str, float]:
        for child in children:
            child.stdin.write(f"{seconds}\n")
            child.stdin.flush()
        said = [json.loads(child.stdout.readline()) for child in children]
        images = sum(one["images"] for one in said)
        return {
            "images_per_second": sum(one["images"] / one["wall"] for one in said),
            "cpu_ms_per_image": 1000 * sum(one["cpu"] for one in said) / images,
        }

    try:
        for child in children:
            child.stdout.readline()
        yield run
    finally:
        for child in children:
            child.communicate()


def median(values: Sequence[float], digits: int = 2) -> float:
    return round(statistics.median(values), digits)


def percentile(values: Sequence[float], share: float) -> float:
    return float(np.percentile(np.array(values), share * 100))


def show(figures: dict[str, Any], *, as_json: bool) -> None:
    """Print the figures with the machine they are of, as JSON or one to a line."""
    figures = figures | machine()
    if as_json:
        print(json.dumps(figures, indent=1))
        return
    for name, value in figures.items():
        print(f"{name:<48} {value}")
