"""`./hemaqueue demo`: the whole system on this machine, with sample images through its door."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from pathlib import Path
from typing import Any

from deploy.local import children, environment, install, report, system
from deploy.local.client import Client
from deploy.local.console import Console
from deploy.local.installation import Installation
from deploy.local.paths import DEMO_DATA, PYTHON, ROOT
from deploy.local.ports import free_port, is_free
from deploy.local.stopping import stopped_by_signals
from deploy.local.submission import Item, Submission, items_of

PORT = 8000
SAMPLES_PER_CLASS = 6
READY_TIMEOUT = 120.0
# What the first result needs. The rest starts when it is there: TensorFlow's import is heavy.
FIRST = {"inference", "web", "records", "dispatcher"}
REST_AFTER = 15.0


class DemoFailed(Exception):
    """The demo cannot go on; the message says why."""


def run(options: Namespace) -> int:
    """Start everything, send the images, show the results; serve until stopped."""
    console = Console()
    install.ensure_installed(console)
    system.ensure_pdf_libraries(console)
    installation = Installation(_data_folder(options.data), port=_port(options.port))
    with stopped_by_signals():
        try:
            return _run(installation, options=options, console=console)
        finally:
            console.say("stopping …")
            installation.stop()


def _run(installation: Installation, *, options: Namespace, console: Console) -> int:
    with tempfile.TemporaryDirectory(prefix="hemaqueue-samples-") as name:
        folder = Path(options.images or name)
        if options.images and not items_of(folder):
            raise DemoFailed(f"no JPEG, PNG or TIFF below {folder}")
        drawing = None if options.images else _draw_samples(folder)
        people = _start(installation, console=console)
        items = _samples(folder, drawing) if drawing else items_of(folder)
        submission = Submission(
            Client(installation.port, people["token"]),
            items,
            image_kind="field" if options.images else "synthetic",
            name=f"{'Images' if options.images else 'Sample smears'} {time.strftime('%H:%M')}",
        )
        _send(submission, installation=installation, console=console)
    summary = report.summary(submission)
    if options.json:
        print(json.dumps(summary, indent=1), flush=True)
    else:
        print(report.table(submission), flush=True)
    if options.once:
        return 0 if summary["lost"] == 0 else 1
    print(report.welcome(installation, people), file=sys.stderr, flush=True)
    while True:
        installation.supervisor.watch()
        time.sleep(0.5)


def _start(installation: Installation, *, console: Console) -> dict[str, Any]:
    """Bring everything up. The inference worker loads TensorFlow while the database migrates."""
    installation.start_servers()
    console.say(f"{' and '.join(installation.names) or 'the given servers'} started")
    installation.start_processes(only=lambda name: name == "inference")
    installation.migrate()
    installation.start_processes(only=lambda name: name in FIRST)
    people = installation.demo_setup()
    console.say("database ready, people and models registered")
    deadline = time.monotonic() + READY_TIMEOUT
    while not installation.answers():
        installation.supervisor.watch()
        if time.monotonic() > deadline:
            raise DemoFailed(f"the web process does not answer; see {installation.data / 'logs'}")
        time.sleep(0.1)
    console.say(f"serving at {installation.url} with {installation.processes} inference processes")
    return people


def _send(submission: Submission, *, installation: Installation, console: Console) -> None:
    total = len(submission.items)
    console.say(f"sending {total} images through the public API …")
    submission.start()
    started = time.monotonic()
    rest_due = True
    while not submission.is_over:
        if rest_due and (submission.done or time.monotonic() - started > REST_AFTER):
            installation.start_processes()
            rest_due = False
        installation.supervisor.watch()
        console.bar(submission.done, of=total, what="results")
        time.sleep(0.1)
    console.end_bar()
    console.say(f"{submission.done} of {total} done in {submission.seconds:.1f} s")


def _draw_samples(folder: Path) -> subprocess.Popen[bytes]:
    """Begin to draw synthetic smears, new ones each time, in one folder per class."""
    arguments = (str(folder), "--per-class", str(SAMPLES_PER_CLASS), "--seed", str(_seed()))
    return children.start(
        [str(PYTHON), "-m", "training_worker.synthetic", *arguments],
        env=environment.worker(given={}),
        cwd=ROOT,
        log=folder / "drawing.log",
    )


def _seed() -> int:
    return time.time_ns() % 1_000_000_000


def _samples(folder: Path, drawing: subprocess.Popen[bytes]) -> list[Item]:
    if drawing.wait():
        raise DemoFailed(f"no samples were drawn:\n{children.tail(folder / 'drawing.log')}")
    return items_of(folder)


def _data_folder(wanted: str | None) -> Path:
    return Path(wanted).absolute() if wanted else DEMO_DATA


def _port(wanted: int | None) -> int:
    if wanted is not None and not is_free(wanted):
        raise DemoFailed(f"port {wanted} is taken; choose another with --port")
    return wanted or (PORT if is_free(PORT) else free_port())
