"""The README's first command, as a newcomer runs it; then a power cut for its launcher."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from deploy.local import children
from deploy.local.unprivileged import reachable_folder

ROOT = Path(__file__).resolve().parents[2]
GIVEN = ("DATABASE_URL", "REDIS_URL", "HEMAQUEUE_DATA", "DJANGO_SETTINGS_MODULE")


def processes_of(data: Path) -> list[str]:
    """The command lines of living processes that name the demo's folder."""
    needle, found = os.fsencode(data), []
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            command = (process / "cmdline").read_bytes()
            if needle in command or needle in (process / "environ").read_bytes():
                found.append(f"{process.name} {command.replace(bytes(1), b' ').decode()}")
    return found


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    """A demo that serves, its data folder, and its results on standard output."""
    data = tmp_path_factory.mktemp("demo")
    env = {name: value for name, value in os.environ.items() if name not in GIVEN}
    command = [sys.executable, str(ROOT / "hemaqueue"), "demo", "--json", "--data", str(data / "d")]
    with (
        (data / "stderr").open("w") as errors,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=env
        ) as process,
    ):
        yield data, process
        process.kill()
    shutil.rmtree(reachable_folder(data / "d" / "postgres"), ignore_errors=True)


@pytest.fixture(scope="module")
def summary(demo: tuple[Path, subprocess.Popen[str]]) -> dict[str, Any]:
    """The one JSON object that the demo prints before it goes on serving."""
    data, process = demo
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line == "}\n":
            return dict(json.loads("".join(lines)))
    pytest.fail(f"the demo ended: {(data / 'stderr').read_text()}")


def test_every_sample_has_a_result(summary: dict[str, Any]) -> None:
    assert summary["images"] == summary["results"] == len(summary["items"]) > 0
    assert summary["lost"] == 0
    assert summary["seconds"] > 0
    assert 0.5 < summary["accuracy"] <= 1
    for item in summary["items"]:
        assert sum(item["scores"].values()) == pytest.approx(1, abs=1e-4)
        assert item["confidence"] == item["scores"][item["label"]]
        assert item["heatmap"].startswith("http://127.0.0.1:")
        assert item["model_version"] == "smearnet-synthetic-1"


def test_it_serves_and_says_who_may_log_in(
    demo: tuple[Path, subprocess.Popen[str]], summary: dict[str, Any]
) -> None:
    data, _ = demo
    port = summary["items"][0]["heatmap"].split("/")[2]
    with urllib.request.urlopen(f"http://{port}/livez", timeout=10) as answer:
        assert answer.status == 200
    said = data / "stderr"
    assert children.wait_until(lambda: "Stop it with Ctrl-C" in said.read_text(), timeout=10)
    assert "tessa" in said.read_text()


def test_a_killed_launcher_leaves_no_process(
    demo: tuple[Path, subprocess.Popen[str]], summary: dict[str, Any]
) -> None:
    data, process = demo
    assert summary
    assert len(processes_of(data)) > 5
    process.send_signal(signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 30
    while (left := processes_of(data)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert left == []
