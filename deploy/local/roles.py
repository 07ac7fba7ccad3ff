"""The platform's processes: their commands, and how many of the heavy ones the machine bears."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from deploy.local import environment
from deploy.local.paths import PYTHON
from deploy.local.supervisor import Role

GIB = 1024**3
BYTES_PER_INFERENCE_PROCESS = int(1.1 * GIB)
BYTES_LEFT_FREE = 3 * GIB
WEB = (
    str(PYTHON), "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "hemaqueue.wsgi:application",
)  # fmt: skip
# A worker gives back what it has in hand before its grace is over: nobody crashed then.
SOFT_SECONDS = 6
CELERY_FLAGS = ("--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "INFO")


def inference_processes(*, cores: int | None = None, memory: int | None = None) -> int:
    """One process per core, as far as memory goes; always at least one."""
    cores = cores or len(os.sched_getaffinity(0))
    memory = available_memory() if memory is None else memory
    return max(1, min(cores, (memory - BYTES_LEFT_FREE) // BYTES_PER_INFERENCE_PROCESS))


def available_memory() -> int:
    """Bytes that new processes may take: the kernel's estimate, or the container's limit."""
    kernel = 8 * GIB
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            kernel = int(line.split()[1]) * 1024
    limit = Path("/sys/fs/cgroup/memory.max")
    text = limit.read_text().strip() if limit.exists() else "max"
    return kernel if text == "max" else min(kernel, int(text))


def platform_roles(
    *, given: Mapping[str, str], settings: str, port: int, processes: int
) -> list[Role]:
    """Every process of the platform, in the order in which they start."""
    softly = {"HEMAQUEUE_SOFT_SHUTDOWN_SECONDS": str(SOFT_SECONDS)}
    django = softly | environment.platform(settings=settings, given=given)
    worker = softly | environment.worker(given=given)
    return [
        Role("web", WEB, django | {"HEMAQUEUE_BIND": f"127.0.0.1:{port}"}),
        Role("inference", _celery("inference_worker.app", "inference", count=processes), worker),
        Role("records", _celery("hemaqueue.celery", "records"), django),
        Role("dispatcher", (str(PYTHON), "manage.py", "dispatch"), django),
        Role("quarantine", (str(PYTHON), "-m", "inference_worker.quarantine"), worker),
        Role("report", _celery("hemaqueue.celery", "reports", "intake", count=2), django),
        Role("training", _celery("training_worker.app", "training"), worker),
    ]


def _celery(app: str, *queues: str, count: int = 1) -> tuple[str, ...]:
    return (
        str(PYTHON), "-m", "celery", "-A", app, "worker", "-Q", ",".join(queues),
        "-c", str(count), "-P", "prefork", "-n", f"{queues[0]}@%h", *CELERY_FLAGS,
    )  # fmt: skip
