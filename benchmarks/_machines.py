"""A second machine, as far as the network goes: a namespace with a cable to this one.

Its inference worker has its own loopback and reaches nothing but Redis, through a relay on this
side of the cable. The file store is the same folder, as a network file system would show it.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from benchmarks._bench import Running
from deploy.local import environment
from deploy.local.paths import PYTHON, ROOT

SPACE, HERE, THERE = "hemaqueue-two", "10.77.19.1", "10.77.19.2"
CABLE = ("hq-here", "hq-there")


@contextmanager
def second_machine(system: Running, *, processes: int) -> Iterator[None]:
    """Run an inference worker of `processes` on the second machine; nothing where it is none."""
    if not processes:
        yield
        return
    _plug_in()
    port = urlsplit(system.installation.given["REDIS_URL"]).port or 6379
    relay = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("_relay.py")), HERE, str(port)]
    )
    worker = _worker(system, processes=processes)
    try:
        before = _present(system)
        system.wait(lambda: _present(system) > before)
        time.sleep(5)  # its children build their network
        yield
    finally:
        for process in (worker, relay):
            process.terminate()
            process.wait()
        _run("ip", "netns", "del", SPACE)


def _present(system: Running) -> int:
    return int(system.ask("SELECT count(*) FROM jobs_workerpresence WHERE queues ? 'inference'"))


def _worker(system: Running, *, processes: int) -> subprocess.Popen[bytes]:
    url = urlsplit(system.installation.given["REDIS_URL"])
    there = urlunsplit(url._replace(netloc=url.netloc.replace("127.0.0.1", HERE)))
    given = dict(system.installation.given) | {"REDIS_URL": there}
    command = [
        *("ip", "netns", "exec", SPACE, str(PYTHON), "-m", "celery", "-A", "inference_worker.app"),
        *("worker", "-Q", "inference", "-c", str(processes), "-P", "prefork", "-n", "second@%h"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "WARNING"),
    ]
    env = environment.worker(given=given)
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=sys.stderr)  # its banner


def _plug_in() -> None:
    here, there = CABLE
    _run("ip", "netns", "add", SPACE)
    _run("ip", "link", "add", here, "type", "veth", "peer", "name", there)
    _run("ip", "link", "set", there, "netns", SPACE)
    for prefix, name, address in (
        ((), here, HERE),
        (("ip", "netns", "exec", SPACE), there, THERE),
    ):
        _run(*prefix, "ip", "addr", "add", f"{address}/24", "dev", name)
        _run(*prefix, "ip", "link", "set", name, "up")
    _run("ip", "netns", "exec", SPACE, "ip", "link", "set", "lo", "up")


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
