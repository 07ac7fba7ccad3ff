"""A process that hangs ends itself; one that works, or waits, does not."""

from __future__ import annotations

import subprocess
import sys

import pytest

HANGS = "ctypes.PyDLL(None).sleep(60)"
WAITS = "time.sleep(3)"
WORKS = "sum(i for i in range(20_000_000))"
AFTERWARDS = "None\ntime.sleep(2)"


def ends_with(what: str) -> subprocess.CompletedProcess[str]:
    code = (
        "import ctypes, time; from jobcontract.processes import ends_when_it_hangs\n"
        f"with ends_when_it_hangs(1): {what}"
    )
    return subprocess.run(
        [sys.executable, "-c", code], timeout=50, capture_output=True, text=True, check=False
    )


def test_code_that_gives_nobody_a_turn_is_ended_and_named() -> None:
    ended = ends_with(HANGS)
    assert ended.returncode == 1
    assert "Timeout" in ended.stderr


@pytest.mark.parametrize("what", [WAITS, WORKS, AFTERWARDS])
def test_whoever_works_or_waits_for_longer_lives_on(what: str) -> None:
    assert ends_with(what).returncode == 0
