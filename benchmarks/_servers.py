"""The servers that `peers` compares: started, asked, ended."""

from __future__ import annotations

import base64
import http.client
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import cv2
import numpy as np

from benchmarks._accounting import tree
from benchmarks._bench import Running, running
from benchmarks._venvs import environment_of
from deploy.local import environment
from deploy.local.paths import ROOT
from deploy.local.ports import free_port

#: A peer's package, how it is started on a port, and how a picture stands in its JSON.
PEERS: dict[str, tuple[Sequence[str], str]] = {
    "flask": (("-m", "benchmarks._peers.flask_server", "{port}"), '{{"picture": "{text}"}}'),
    "litserve": (("-m", "benchmarks._peers.litserve_server", "{port}"), '{{"picture": "{text}"}}'),
    "bentoml": (
        ("-m", "bentoml", "serve", "benchmarks._peers.bentoml_service:Smears", "--port", "{port}"),
        '{{"pictures": ["{text}"]}}',
    ),
}
READY_SECONDS = 120
WEB_THREADS = 40
Ask = Callable[[Path], bool]


@contextmanager
def peer(name: str, *, bundle: Path) -> Iterator[Ask]:
    """Serve the bundle with a peer; yield what sends it one picture."""
    command, body = PEERS[name]
    port, python = free_port(), environment_of(name)
    env = environment.base() | {"PEER_BUNDLE": str(bundle), "BENTOML_DO_NOT_TRACK": "true"}
    env |= {} if name == "flask" else environment.ONE_THREAD
    server = subprocess.Popen(
        [str(python), *(part.format(port=port) for part in command)],
        cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip

    def ask(file: Path) -> bool:
        text = base64.b64encode(file.read_bytes()).decode()
        return posted(port, body.format(text=text))

    try:
        wait_for(ask, bundle.with_name("ready.jpg"))
        yield ask
    finally:
        end(server)


def end(server: subprocess.Popen[bytes]) -> None:
    """Kill a server and its workers, which may have sessions of their own."""
    for pid in tree([server.pid]):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    server.wait()


def posted(port: int, body: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", "/predict", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        return answer.status == 200
    except OSError:
        return False
    finally:
        connection.close()


def wait_for(ask: Ask, file: Path) -> None:
    """Ask until it answers."""
    cv2.imwrite(str(file), np.full((224, 224, 3), 180, np.uint8))
    deadline = time.monotonic() + READY_SECONDS
    while not ask(file):
        if time.monotonic() > deadline:
            raise SystemExit(f"a server did not answer within {READY_SECONDS} s")
        time.sleep(0.5)


def warm(ask: Ask, files: Sequence[Path]) -> None:
    """Ask as many at once: every process has to load its network before anything is timed."""
    with ThreadPoolExecutor(32) as pool:
        list(pool.map(ask, files))


def ours() -> AbstractContextManager[Running]:
    """Start the whole system, with threads for every client that waits."""
    return running(extra={"HEMAQUEUE_WEB_THREADS": str(WEB_THREADS)})


def asked_ours(system: Running) -> Ask:
    """Return what sends one picture to `/predict` and waits for its result."""

    def ask(file: Path) -> bool:
        status, answer = system.client.upload(file, {"image_kind": "field"}, to="/predict")
        while status == 202:
            status, job = system.client.get(f"{answer['status_url']}?wait=10")
            if job.get("final"):
                return job["state"] == "succeeded"
            time.sleep(1)  # its Retry-After: too many wait already
            status = 202
        return status == 200

    return ask


def bulk_rate(system: Running, files: Sequence[Path]) -> float:
    """Return images per second from the first upload to the last result, with eight senders."""
    _, batch = system.client.post("/api/v1/batches/", {"name": "Bulk"})
    fields = {"image_kind": "field", "batch": str(batch["id"])}
    begin = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda file: system.client.upload(file, fields), files))
    system.wait(system.is_drained, seconds=600)
    return len(files) / (time.monotonic() - begin)
