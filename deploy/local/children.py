"""Children that never outlive their parent, and never hold its standard streams."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 20 * 1024 * 1024

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def start(
    command: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str | None = None,
    at_parent_death: signal.Signals = signal.SIGTERM,
    stdin: bytes | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` as the leader of its own process group.

    Its output goes to `log` alone: a child that held the caller's pipes would keep a shell
    pipeline waiting. It has its own session, so that Ctrl-C in the terminal reaches the
    supervisor only, which then stops its children in order. `stdin` is written and closed.
    Call this from the main thread: the kernel's parent-death signal follows the thread.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".old.log"))
    with log.open("ab") as output:
        child = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=die_with(os.getpid(), signal_number=at_parent_death),
            **identity(user),
        )
    if stdin is not None and child.stdin is not None:
        child.stdin.write(stdin)
        child.stdin.close()
    return child


def stop(
    child: subprocess.Popen[bytes],
    *,
    by: signal.Signals = signal.SIGTERM,
    grace: float = 10.0,
) -> int:
    """Ask the child to end, wait `grace` seconds, then end its whole group. Returns its status."""
    if child.poll() is None:
        with suppress(ProcessLookupError):
            child.send_signal(by)
        wait_for(child, timeout=grace)
    kill_group(child)
    return child.wait()


def wait_for(child: subprocess.Popen[bytes], *, timeout: float) -> bool:
    """Wait for the child's end; False when it still runs after `timeout` seconds."""
    try:
        child.wait(timeout=timeout)
    except subprocess.TimeoutExpired:
        return False
    return True


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """End whatever is left of the child's process group, the child included."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def tail(log: Path, *, lines: int = 25) -> str:
    """The last lines of a log, indented, for an error message."""
    if not log.exists():
        return "    (no log)"
    text = log.read_text(errors="replace")[-20_000:].splitlines()[-lines:]
    return "\n".join(f"    {line}" for line in text) or "    (the log is empty)"


def wait_until(ready: Callable[[], bool], *, timeout: float, pause: float = 0.02) -> bool:
    """Poll `ready` until it is true; False when `timeout` seconds have passed."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if ready():
            return True
        time.sleep(pause)
    return ready()


def identity(user: str | None) -> dict[str, Any]:
    """The subprocess arguments that make the child run as `user`, with no group of root's."""
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def die_with(parent: int, *, signal_number: signal.Signals) -> Callable[[], None]:
    def in_child() -> None:
        if _libc is None:
            return
        _libc.prctl(PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the line above
            os.kill(os.getpid(), signal.SIGKILL)

    return in_child
