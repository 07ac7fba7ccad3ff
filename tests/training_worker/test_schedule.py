"""A run ends with its epochs or with its time, and the time may be the processor's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference_worker.networks import build_network
from tests.training_worker.drawing import pixels
from training_worker import schedule
from training_worker.checkpoint import Checkpoint, Progress
from training_worker.learning import learn
from training_worker.schedule import Schedule
from training_worker.settings import TrainingSettings


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setitem(schedule.CLOCKS, "cpu", lambda: now[0])
    return now


def timed(**more: Any) -> Schedule:
    values: dict[str, Any] = {"epochs": 10, "minutes": 1.0, "clock": "cpu"}
    return Schedule(Progress(), TrainingSettings(**values | more))


def test_the_time_of_the_first_step_is_free(clock: list[float]) -> None:
    timing = timed()
    timing.begin_epoch()
    clock[0] = 50.0
    timing.after_step()
    assert timing.share(part=0.1) == pytest.approx(0.01)
    clock[0] = 80.0
    timing.after_step()
    assert timing.share(part=0.1) == pytest.approx(0.5)
    timing.end_epoch()
    assert timing.progress.seconds == 30.0


def test_what_is_further_counts(clock: list[float]) -> None:
    timing = timed(epochs=2)
    timing.progress.epoch, timing.progress.seconds = 1, 6.0
    assert timing.share() == 0.5
    timing.progress.seconds = 60.0
    assert timing.is_done


def test_patience_ends_with_so_many_epochs_that_were_not_better() -> None:
    def done_after(scores: list[float], *, patience: int) -> int:
        progress = Progress()
        timing = Schedule(progress, TrainingSettings(epochs=6, patience=patience))
        for score in scores:
            if timing.is_done:
                break
            progress.note((score, 0.0), {})
        return progress.epoch

    rising, level = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], [0.2, 0.1, 0.2, 0.3, 0.3, 0.3]
    assert [done_after(rising, patience=given) for given in (0, 1, 2)] == [6, 6, 6]
    assert [done_after(level, patience=given) for given in (0, 1, 2, 3)] == [6, 2, 3, 6]
    assert done_after([0.4] * 6, patience=3) == 4, "the same again is not better"


def test_an_epoch_ends_with_the_time(tmp_path: Path) -> None:
    learned = learn(
        build_network("cnn4", classes=4, input_size=32, widths=(4, 4, 8), dense=12),
        lessons=pixels(32),
        checks=pixels(2, seed=1),
        class_weights=np.ones(4),
        settings=TrainingSettings(epochs=1000, minutes=1e-9, clock="cpu", batch_size=16),
        checkpoint=Checkpoint(tmp_path),
    )
    (only,) = learned.progress.history
    assert only["steps"] == 1
