"""A run whose process is killed twice goes on: one version comes out, and the curve has no gap."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.processes import family_of
from tests.stack import Stack, running_stack

pytestmark = [pytest.mark.chaos, pytest.mark.long, pytest.mark.timeout(3600)]

PER_CLASS, EPOCHS, PATIENCE = 24, 5, 900
#: After so many epochs the process that learns is killed, and then its whole worker.
KILLS = ((1, False), (3, True))
ASK = f"""
from hemaqueue.accounts.models import User
from hemaqueue.pipeline.learning import snapshot_wanted, training_requested
from hemaqueue.training.lessons import Sources
from hemaqueue.training.models import Dataset
from hemaqueue.training.services import Order
adam = User.objects.get(username="adam")
sources = Sources(confirmed=False, datasets=(Dataset.objects.get().pk,))
snapshot = snapshot_wanted("synthetic", sources=sources, by=adam)
training_requested(Order("synthetic", epochs={EPOCHS}, snapshot=snapshot.pk), by=adam)
"""
LEARNING = "SELECT state, attempt, crashes FROM jobs_job WHERE work = 'training.fine_tune_model'"
VERSIONS = "SELECT count(*) FROM registry_modelversion"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A system whose limit of silence a busy machine does not reach by itself."""
    with running_stack(tmp_path_factory.mktemp("stack"), silence_seconds=15) as running:
        yield running


def curve(stack: Stack) -> list[dict[str, Any]]:
    return list(stack.rows("SELECT curve FROM training_trainingrun")[0][0])


def kill_learner(stack: Stack, *, worker_too: bool) -> None:
    """Kill as the kernel does when memory is short, or as a power cut does."""
    worker = stack.installation.supervisor.processes()["training"]
    for pid in [*family_of(worker), *([worker] if worker_too else [])]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_two_kills_cost_no_epoch_and_one_version_comes_out(
    stack: Stack, smears: Callable[[int], Path]
) -> None:
    folder = str(smears(PER_CLASS))
    named = ("--name", "Drawn", "--kind", "synthetic", "--by", "adam")
    stack.installation.manage("import_dataset", folder, *named)
    before = stack.rows(VERSIONS)[0][0]
    stack.installation.manage("shell", "-c", ASK)
    kept: list[list[dict[str, Any]]] = []
    for epochs, worker_too in KILLS:
        stack.watch(lambda n=epochs: len(curve(stack)) >= n, seconds=PATIENCE)  # type: ignore[misc]
        kept.append(curve(stack))
        kill_learner(stack, worker_too=worker_too)
    stack.watch(lambda: stack.rows(LEARNING)[0][0] == "succeeded", seconds=PATIENCE)
    found = curve(stack)
    assert [one["epoch"] for one in found] == list(range(1, EPOCHS + 1))
    for seen in kept:
        assert found[: len(seen)] == seen, "what was learned before a kill is not learned again"
    seconds = [one["seconds"] for one in found]
    assert seconds == sorted(seconds)
    assert stack.rows(VERSIONS) == [(before + 1,)]
    assert stack.rows(LEARNING) == [("succeeded", 3, 2)]
