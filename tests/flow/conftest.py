"""One system for the tests of a module, and smears to send through it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local.paths import ROOT
from tests.flow.submitting import Start
from tests.stack import Stack, running_stack
from training_worker.synthetic import write_folder


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("stack")
    with running_stack(folder, silence_seconds=5) as running:
        yield running


@pytest.fixture(scope="session")
def smears(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Draw a folder of synthetic smears, `per_class` of each class."""

    def draw(per_class: int) -> Path:
        folder = tmp_path_factory.mktemp("smears")
        write_folder(folder, per_class=per_class, seed=per_class, size=224)
        return folder

    return draw


@pytest.fixture
def start(stack: Stack, tmp_path: Path) -> Start:
    """Start the client as a user does: with a bare Python, that knows nothing of the project's."""
    token = tmp_path / "token"
    token.write_text(stack.people["token"] + "\n")

    def started(
        folder: Path, *options: str, stderr: int = subprocess.PIPE, plain: bool = False
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [
                *(sys.executable, "-S", "hemaqueue", "submit", str(folder)),
                *("--server", stack.installation.url, "--token-file", str(token)),
                *("--image-kind", "synthetic", *options, *(() if plain else ("--json",))),
            ],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin"},
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )

    return started
