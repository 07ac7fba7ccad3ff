"""One hardship after another, in one system: partitions, zombies, orphans, work called off."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from deploy.local.client import Client
from tests.chaos.plan import Plan
from tests.chaos.processes import children_of, family_of, is_alive, send
from tests.chaos.proxy import Proxy
from tests.chaos.trial import Trial, trial

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.long,
    pytest.mark.timeout(600),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

PLAN = Plan(images=4000, slow=0.4, training=False, called_off=0.2)
RESETS, HOLES, UPLOADS = 100, 10, 300
IN_HAND = "SELECT count(*) FROM jobs_job WHERE state = 'running'"
#: What had begun is silent; what was taken and had not begun is missed.
TAKEN_AWAY = "SELECT count(*) FROM jobs_jobevent WHERE code IN ('silent', 'lost')"
STOPPED_IN_HAND = """
SELECT count(*) FROM jobs_job j WHERE state = 'cancelled' AND EXISTS
    (SELECT FROM jobs_jobevent e WHERE e.job_id = j.id AND e.state = 'running')
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with trial(PLAN, tmp_path_factory.mktemp("hardships")) as one:
        yield one


def is_borne(running: Trial) -> None:
    """Wait for the end of all work, and have it judged."""
    assert running.settle(), "something was left behind"
    verdict = running.judged()
    assert verdict.is_sound, verdict


def works(running: Trial, number: int) -> None:
    """Send something, and wait until the workers have their hands full."""
    running.send(number)
    running.system.watch(lambda: running.count(IN_HAND) >= 4, seconds=90, what="work in hand")


@contextmanager
def a_bad_line(running: Trial) -> Iterator[Proxy]:
    """Let the client reach the web process over a line that can be cut as well."""
    whole, line = running.sender.client, Proxy(running.system.installation.port)
    line.start()
    running.sender.client = Client(line.port, whole.token)
    try:
        yield line
    finally:
        running.sender.client = whole
        line.stop()


def black_hole(running: Trial, lines: Iterable[Proxy]) -> None:
    for each in lines:
        each.swallow()
    running.system.wait(3)
    for each in lines:
        each.pass_on()


def test_a_hundred_resets_and_ten_black_holes_cost_nothing(running: Trial) -> None:
    with a_bad_line(running) as line:
        both = (line, running.system.proxy)
        for at in range(RESETS):
            running.send(UPLOADS // RESETS)
            running.system.wait(0.3)
            for each in both:
                each.reset()
            if at % (RESETS // HOLES) == 0:
                black_hole(running, both)
        is_borne(running)
    assert running.sender.listed.count == UPLOADS


def test_what_zombies_tell_late_is_recorded_once_at_most(running: Trial) -> None:
    works(running, 60)
    before = running.count(TAKEN_AWAY)
    zombies = children_of(running.system.pids()["inference"])
    for zombie in zombies:
        send(zombie, signal.SIGSTOP)
    try:
        running.system.watch(
            lambda: running.count(TAKEN_AWAY) > before, seconds=9 * PLAN.silence, what="silence"
        )
    finally:
        for zombie in zombies:
            send(zombie, signal.SIGCONT)
    is_borne(running)
    assert all(is_alive(zombie) for zombie in zombies), "they told what they had to tell"


@pytest.mark.parametrize("name", ["inference", "records", "report"])
def test_no_child_outlives_its_worker(running: Trial, name: str) -> None:
    """The supervisor does not look meanwhile: the kernel ends them."""
    works(running, 40)
    worker = running.system.pids()[name]
    children = family_of(worker)
    assert children
    send(worker, signal.SIGKILL)
    until = time.monotonic() + 5
    while any(map(is_alive, children)) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(map(is_alive, children))
    is_borne(running)


def test_what_is_called_off_in_hand_is_not_recorded(running: Trial) -> None:
    before = running.count(STOPPED_IN_HAND)
    works(running, 200)
    is_borne(running)
    assert running.count(STOPPED_IN_HAND) > before
