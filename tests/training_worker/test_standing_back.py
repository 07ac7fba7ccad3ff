"""Learning leaves the processor to those who wait: it stands back, and takes one thread of it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from jobcontract.processes import AUTOGROUP
from training_worker.tasks import NICENESS

BEGUN = """
import json, os
import cv2
from jobcontract.processes import AUTOGROUP
from training_worker.tasks import _begin
cv2.setNumThreads(8)
_begin()
import tensorflow as tf
computing = tf.config.threading
print(json.dumps({
    "niceness": os.nice(0),
    "opencv": cv2.getNumThreads(),
    "within": computing.get_intra_op_parallelism_threads(),
    "beside": computing.get_inter_op_parallelism_threads(),
    "session": AUTOGROUP.read_text() if AUTOGROUP.exists() else "",
}))
"""


@pytest.fixture(scope="module")
def begun() -> dict[str, Any]:
    """Return what is true of a process, in a session of its own, that has begun to learn."""
    said = subprocess.run(
        [sys.executable, "-c", BEGUN],
        capture_output=True, text=True, timeout=120, start_new_session=True, check=True,
    )  # fmt: skip
    return dict(json.loads(said.stdout))


def test_the_process_stands_back(begun: dict[str, Any]) -> None:
    assert begun["niceness"] == NICENESS


@pytest.mark.skipif(not AUTOGROUP.exists(), reason="The kernel schedules no sessions as groups")
def test_its_session_stands_back_where_sessions_are_compared(begun: dict[str, Any]) -> None:
    assert begun["session"].split()[-1] == str(NICENESS)


@pytest.mark.parametrize("part", ["opencv", "within", "beside"])
def test_no_library_computes_with_more_than_one_thread(begun: dict[str, Any], part: str) -> None:
    assert begun[part] == 1
