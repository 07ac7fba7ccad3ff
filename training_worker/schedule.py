"""How much of a run is done, by epochs or by the clock, and whether more is worth the while."""

from __future__ import annotations

import time

from training_worker.checkpoint import Progress
from training_worker.settings import TrainingSettings

CLOCKS = {"wall": time.monotonic, "cpu": time.process_time}
"""`cpu` counts what this process computes: the same work on an idle machine and a busy one."""


def is_stuck(progress: Progress, settings: TrainingSettings) -> bool:
    """Say whether nothing got better for as many epochs as the run has patience."""
    return 0 < settings.patience <= progress.since_best


class Schedule:
    """Times the epochs of one run. The first step of a process, which builds the graph, is free."""

    def __init__(self, progress: Progress, settings: TrainingSettings) -> None:
        self.progress, self.settings = progress, settings
        self._now = CLOCKS[settings.clock]
        self._began = self._now()
        self._is_built = False

    @property
    def is_done(self) -> bool:
        return self.share() >= 1 or is_stuck(self.progress, self.settings)

    def share(self, *, part: float = 0.0) -> float:
        """Return the share of the schedule that is done, `part` of an epoch begun included."""
        by_epochs = (self.progress.epoch + part) / self.settings.epochs
        if not self.settings.minutes:
            return by_epochs
        spent = self.progress.seconds + (self._now() - self._began if part else 0.0)
        return max(by_epochs, spent / (60 * self.settings.minutes))

    def begin_epoch(self) -> None:
        self._began = self._now()

    def after_step(self) -> None:
        """Start the clock anew after the step in which the graph was built."""
        if not self._is_built:
            self._began, self._is_built = self._now(), True

    def end_epoch(self) -> None:
        self.progress.seconds += self._now() - self._began
