"""What the tests of `./hemaqueue submit` share: pictures, waiting, and what became of them."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.pictures import picture_file
from tests.stack import Stack

Start = Callable[..., "subprocess.Popen[str]"]


def ended(client: subprocess.Popen[str]) -> tuple[int, dict[str, Any]]:
    said, complaints = client.communicate(timeout=240)
    assert said, complaints
    return client.returncode, json.loads(said)


def pictures(folder: Path, count: int, *, first: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        (folder / f"field-{number}.png").write_bytes(picture_file(number))
    return folder


def answered(folder: Path) -> int:
    state = folder / ".hemaqueue-submit.jsonl"
    return state.read_text().count('"status"') if state.exists() else 0


def images_of(stack: Stack, batch: str) -> list[str]:
    rows = stack.rows("SELECT sha256 FROM specimens_smearimage WHERE batch_id = %s", batch)
    return [str(row[0]) for row in rows]


def until(holds: Callable[[], bool], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
