"""Named points of the product where a process dies, raises or stalls: once, when a test arms one.

A test writes the act into the point's file; the process that gets there first takes the file away
and acts. Every process of the system has every point; none acts unless it is armed.
"""

from __future__ import annotations

import functools
import os
import signal
import stat
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.chaos.below.seam import change

STALL_SECONDS = 10.0
WEB, INFERENCE = "gunicorn", "inference_worker.app"


class Armed(RuntimeError):
    """What an armed point raises."""


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _raise() -> None:
    raise Armed


def _stall() -> None:
    time.sleep(STALL_SECONDS)


ACTS: dict[str, Callable[[], None]] = {"kill": _kill, "exception": _raise, "stall": _stall}


def place(data: Path, name: str) -> Path:
    """Return the file that arms a point of the installation in `data`."""
    return data / "points" / name


def arm(data: Path, name: str, act: str) -> None:
    file = place(data, name)
    file.parent.mkdir(exist_ok=True)
    file.write_text(act)


def reached(name: str, *, by: str = "") -> None:
    """Act if this point is armed and this program is meant; nobody acts a second time."""
    if by not in " ".join(sys.argv):
        return
    file = place(Path(os.environ["HEMAQUEUE_DATA"]), name)
    try:
        act = file.read_text()
        file.unlink()
    except FileNotFoundError:
        return
    ACTS[act]()


@dataclass(frozen=True)
class Point:
    """Before or after which function of which module it lies, and in which program it counts."""

    module: str
    function: str
    after: bool = False
    by: str = ""
    counts: Callable[[Any], bool] = lambda _: True


def _not_taken(result: Any) -> bool:
    return not result


POINTS = {
    "after_rename": Point("jobcontract.storage", "_sync_folder", by=WEB),
    "before_commit": Point("hemaqueue.pipeline.steps", "smear_submitted", after=True, by=WEB),
    "before_publish": Point("hemaqueue.pipeline.dispatcher", "publish"),
    "after_publish": Point("hemaqueue.pipeline.dispatcher", "publish", after=True),
    "between_send_and_mark": Point("hemaqueue.pipeline.dispatcher", "jobs_published"),
    "after_reap": Point("hemaqueue.pipeline.reaper", "jobs_requeue", after=True, counts=bool),
    "worker_after_pop": Point("jobcontract.transport", "redis.QoS.append", by=INFERENCE),
    "after_claim": Point(
        "jobcontract.reporting", "taken_before", after=True, by=INFERENCE, counts=_not_taken
    ),
    "mid_decode": Point("inference_worker.reading", "canonical_picture"),
    "mid_inference": Point("inference_worker.engine", "Engine.answer", by=INFERENCE),
    "after_heatmaps": Point("inference_worker.engine", "Engine.answer", after=True, by=INFERENCE),
    "before_complete_commit": Point("hemaqueue.pipeline.steps", "after_success", after=True),
    "before_ack": Point("jobcontract.transport", "redis.QoS.ack", by=INFERENCE),
    "report_after_render": Point("hemaqueue.reports.rendering", "report_render", after=True),
    "training_after_checkpoint": Point("training_worker.checkpoint", "Checkpoint.save", after=True),
}


def _wrap(owner: Any, name: str, at: Point, *, point: str) -> None:
    whole = getattr(owner, name)

    @functools.wraps(whole)
    def wrapped(*arguments: Any, **options: Any) -> Any:
        if not at.after:
            reached(point, by=at.by)
        result = whole(*arguments, **options)
        if at.after and at.counts(result):
            reached(point, by=at.by)
        return result

    setattr(owner, name, wrapped)


def _register(point: str, at: Point) -> None:
    @change(point, module=at.module)
    def put(module: Any) -> None:
        *path, name = at.function.split(".")
        _wrap(functools.reduce(getattr, path, module), name, at, point=point)


for _name, _at in POINTS.items():
    _register(_name, _at)


@change("around_fsync", module="jobcontract.storage")
def around_fsync(storage: Any) -> None:
    """The points after_temp_write and after_fsync: of files, not of folders."""

    class Os:
        def __getattr__(self, name: str) -> Any:
            return getattr(os, name)

        def fsync(self, handle: int) -> None:
            is_file = stat.S_ISREG(os.fstat(handle).st_mode)
            if is_file:
                reached("after_temp_write", by=WEB)
            os.fsync(handle)
            if is_file:
                reached("after_fsync", by=WEB)

    storage.os = Os()


@change("before_the_answer", module="hemaqueue.wsgi")
def before_the_answer(wsgi: Any) -> None:
    """The point after_commit: all is kept, and nobody was told."""
    whole = wsgi.application

    def application(asked: dict[str, Any], start: Any) -> Any:
        answer = whole(asked, start)
        if asked["REQUEST_METHOD"] == "POST" and asked["PATH_INFO"] == "/api/v1/images/":
            reached("after_commit")
        return answer

    wsgi.application = application


@change("after_the_news", module="hemaqueue.pipeline.tasks")
def after_the_news(tasks: Any) -> None:
    """The point after_complete_commit: recorded, and the news not acknowledged."""
    whole = tasks.apply

    def apply(tidings: Any) -> None:
        whole(tidings)
        if tidings.kind == "finished":
            reached("after_complete_commit")

    tasks.apply = apply


@change("nobody_stands_back", module="jobcontract.processes")
def nobody_stands_back(processes: Any) -> None:
    """On a busy machine who learns would not get to its point within a test's patience."""
    processes.stand_back = lambda niceness: None


#: What takes longest comes last.
NAMES = (
    "after_temp_write", "after_fsync", "after_commit", "after_complete_commit", *POINTS
)  # fmt: skip
CHANGES = (*POINTS, "around_fsync", "before_the_answer", "after_the_news", "nobody_stands_back")
