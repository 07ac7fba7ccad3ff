"""What happens when a decoder crashes, hangs, burns or lies; and when processes are killed."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hemaqueue.specimens.intake import pool as pools
from hemaqueue.specimens.intake.pool import HelperPool, IntakeBusy
from hemaqueue.specimens.intake.upload import inspect_with
from jobcontract.imaging import ImageRefused
from tests import corpus_parts as parts

FAULTY = (sys.executable, "-P", "-s", str(Path(__file__).with_name("faulty_intake_helper.py")))
ROOT = Path(__file__).parents[3]


@pytest.fixture
def pool() -> Iterator[HelperPool]:
    made = HelperPool(command=FAULTY)
    yield made
    made.close()


def refusal(pool: HelperPool, data: bytes) -> ImageRefused:
    with pytest.raises(ImageRefused) as refused:
        inspect_with(pool, data)
    return refused.value


def works(pool: HelperPool) -> bool:
    return inspect_with(pool, parts.png()).width == 96


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.parametrize("fault", [b"crash", b"eat"])
def test_a_decoder_that_dies_is_a_refusal_and_the_next_file_goes_on(
    pool: HelperPool, fault: bytes
) -> None:
    refused = refusal(pool, fault)
    assert (refused.code, refused.status) == ("image_decoder_crashed", 422)
    assert works(pool)


@pytest.mark.parametrize("fault", [b"burn", b"hang"])
def test_a_decoder_that_does_not_end_is_ended(pool: HelperPool, fault: bytes) -> None:
    refused = refusal(pool, fault)
    assert (refused.code, refused.status) == ("image_decoder_timeout", 422)
    assert works(pool)


def test_a_decoder_that_disarms_its_clock_is_killed_by_ours(
    pool: HelperPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    works(pool)
    pids = [pool._idle[0].process.pid, *children(pool._idle[0].process.pid)]
    monkeypatch.setattr(pools, "SECONDS_PER_FILE", 1.5)
    start = time.monotonic()
    assert refusal(pool, b"hang_deaf").code == "image_decoder_timeout"
    assert time.monotonic() - start < 4
    assert _gone(pids)
    monkeypatch.undo()
    assert works(pool)


@pytest.mark.parametrize("lie", [b"another", b"nonsense"])
def test_an_answer_that_is_wrong_is_never_believed(pool: HelperPool, lie: bytes) -> None:
    assert refusal(pool, lie).code == "image_decoder_crashed"
    assert works(pool)


def test_the_confined_process_knows_nothing_and_may_do_nothing(pool: HelperPool) -> None:
    os.environ["HEMAQUEUE_STORAGE_KEY_PROBE"] = "secret"
    try:
        said = ast.literal_eval(refusal(pool, b"report").detail)
    finally:
        del os.environ["HEMAQUEUE_STORAGE_KEY_PROBE"]
    assert said["worked"] == []
    assert said["environment"] == []
    assert said["files"] <= 4


def test_a_helper_killed_between_files_is_replaced(pool: HelperPool) -> None:
    assert works(pool)
    os.kill(pool._idle[0].process.pid, signal.SIGKILL)
    assert works(pool)


def test_a_fork_killed_between_files_is_replaced(pool: HelperPool) -> None:
    assert works(pool)
    for child in children(pool._idle[0].process.pid):
        os.kill(child, signal.SIGKILL)
    assert works(pool)


def test_forks_and_helpers_are_renewed(pool: HelperPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "FILES_PER_HELPER", 60)
    forks, helpers = set(), set()
    for _ in range(70):
        assert works(pool)
        for helper in pool._idle:
            helpers.add(helper.process.pid)
            forks.update(children(helper.process.pid))
    assert len(helpers) == 2
    assert len(forks) >= 4


def test_the_helper_has_one_thread_and_no_django(pool: HelperPool) -> None:
    assert works(pool)
    status = Path(f"/proc/{pool._idle[0].process.pid}/status").read_text()
    assert "Threads:\t1\n" in status
    code = "import sys, hemaqueue.specimens.intake.helper; print('django' in sys.modules)"
    run = subprocess.run(
        (sys.executable, "-c", code),
        env={"PYTHONPATH": str(ROOT / "platform")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "False\n"


def test_helpers_end_when_the_web_process_is_killed() -> None:
    code = (
        "import sys, time\n"
        "from hemaqueue.specimens.intake import upload\n"
        "upload.warm_up()\n"
        "print(upload._pool._idle[0].process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    web = subprocess.Popen(
        (sys.executable, "-c", code),
        env={"PYTHONPATH": str(ROOT / "platform")},
        stdout=subprocess.PIPE,
        text=True,
    )
    with web:
        assert web.stdout is not None
        pid = int(web.stdout.readline())
        time.sleep(1)
        pids = [pid, *children(pid)]
        web.kill()
    assert _gone(pids)


def test_a_full_line_is_answered_with_busy(
    pool: HelperPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "SECONDS_IN_LINE", 0.1)
    for _ in range(pools.MOST_HELPERS):
        pool._free.acquire()
    with pytest.raises(IntakeBusy) as busy:
        works(pool)
    assert (busy.value.code, busy.value.status) == ("intake_busy", 503)


def _gone(pids: list[int]) -> bool:
    for _ in range(50):
        if not any(is_alive(pid) for pid in pids):
            return True
        time.sleep(0.1)
    return False
