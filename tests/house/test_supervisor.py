"""The supervisor: what dies is restarted, what keeps dying is told, nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from deploy.local import children, roles, supervisor
from deploy.local.supervisor import KeepsDying, Role, Supervisor

ROOT = Path(__file__).resolve().parents[2]
SLEEPER = (sys.executable, "-c", "import time; time.sleep(600)")
# Starts a child with a child of its own, prints both numbers, and waits to be killed.
LAUNCHER = """
import sys, time
from pathlib import Path
from deploy.local.supervisor import Role, Supervisor
watcher = Supervisor(logs=Path(sys.argv[1]))
watcher.start(Role("sleeper", (sys.executable, "-c", "import time; time.sleep(600)"), {}))
print(watcher.processes()["sleeper"], flush=True)
time.sleep(600)
"""


@pytest.fixture
def watcher(tmp_path: Path) -> Iterator[Supervisor]:
    watcher = Supervisor(logs=tmp_path)
    yield watcher
    watcher.stop()


def is_alive(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_a_killed_process_is_started_again(watcher: Supervisor) -> None:
    watcher.start(Role("sleeper", SLEEPER, {}))
    first = watcher.processes()["sleeper"]
    os.kill(first, signal.SIGKILL)

    def is_back() -> bool:
        watcher.watch()
        return watcher.processes().get("sleeper", first) != first

    assert children.wait_until(is_back, timeout=10)


def test_what_keeps_dying_is_told_with_the_end_of_its_log(
    watcher: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.001)
    watcher.start(Role("broken", (sys.executable, "-c", "raise SystemExit('no key')"), {}))
    with pytest.raises(KeepsDying, match="no key"):
        for _ in range(2000):
            watcher.watch()
            time.sleep(0.01)


def test_stopping_leaves_no_grandchild(watcher: Supervisor, tmp_path: Path) -> None:
    code = "import subprocess, sys, time; p = subprocess.Popen(['sleep', '600'])"
    code += "; print(p.pid, flush=True); time.sleep(600)"
    watcher.start(Role("parent", (sys.executable, "-c", code), {}, grace=2.0))
    log = tmp_path / "parent.log"
    assert children.wait_until(lambda: log.read_text().endswith("\n"), timeout=10)
    grandchild = int(log.read_text())
    watcher.stop()
    assert children.wait_until(lambda: not is_alive(grandchild), timeout=5)


def test_a_process_that_ignores_the_request_is_killed(watcher: Supervisor) -> None:
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    watcher.start(Role("deaf", (sys.executable, "-c", code), {}, grace=0.5))
    pid = watcher.processes()["deaf"]
    time.sleep(0.5)
    watcher.stop()
    assert not is_alive(pid)


def test_a_killed_launcher_takes_its_children_along(tmp_path: Path) -> None:
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    with launcher:
        assert launcher.stdout is not None
        child = int(launcher.stdout.readline())
        assert is_alive(child)
        launcher.kill()
    assert children.wait_until(lambda: not is_alive(child), timeout=5)


def test_a_child_does_not_hold_the_callers_output(watcher: Supervisor) -> None:
    watcher.start(Role("sleeper", SLEEPER, {}))
    pid = watcher.processes()["sleeper"]
    streams = {Path(f"/proc/{pid}/fd/{number}").readlink() for number in (1, 2)}
    assert streams == {watcher.log("sleeper")}


def test_who_must_end_gives_back_what_it_has_before_its_grace_is_over() -> None:
    every = roles.platform_roles(given={}, settings="s", port=1, processes=1)
    assert {"inference", "report", "training"} <= {role.name for role in every}
    for role in every:
        assert float(role.env["HEMAQUEUE_SOFT_SHUTDOWN_SECONDS"]) <= role.grace - 3
