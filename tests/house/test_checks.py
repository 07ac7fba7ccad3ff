"""What `./hemaqueue check` runs, so that one command, and CI, tells everything."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

import pytest

from deploy.local import suite

ROOT = Path(__file__).resolve().parents[2]
CHECKS = dict(suite.checks())


@cache
def check_environment() -> dict[str, str]:
    return suite.check_environment()


@pytest.mark.parametrize("name", CHECKS)
def test_the_check_passes(name: str) -> None:
    run = subprocess.run(
        CHECKS[name], cwd=ROOT, env=check_environment(), capture_output=True, text=True,
        check=False, timeout=900,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
