"""A run that was stopped goes on where its last epoch ended. No pickle: numbers and JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

Arrays = dict[str, NDArray[Any]]


@dataclass
class Progress:
    """How far a run has come: one entry of `history` per finished epoch."""

    epoch: int = 0
    seconds: float = 0.0
    best_epoch: int = 0
    best_score: tuple[float, float] = (-1.0, 0.0)
    history: list[dict[str, float]] = field(default_factory=list)

    @property
    def since_best(self) -> int:
        return self.epoch - self.best_epoch

    def note(self, score: tuple[float, float], facts: dict[str, float]) -> bool:
        """Count an epoch and keep its numbers; say whether it was better than all before."""
        self.epoch += 1
        if better := score > self.best_score:
            self.best_score, self.best_epoch = score, self.epoch
        told = {"epoch": self.epoch, "seconds": self.seconds, "since_best": self.since_best}
        self.history.append(facts | told)
        return better


class Checkpoint:
    """Two files in one folder: the state after the last epoch, and the best weights so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def beside(cls, out: Path) -> Checkpoint:
        """Return the checkpoint of the run that writes its bundle to `out`."""
        return cls(out.with_name(f"{out.name}.run"))

    def exists(self) -> bool:
        return (self.folder / "progress.json").is_file()

    def save(self, progress: Progress, state: Arrays) -> None:
        """Write the state first: a progress that is there has its state."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._replace_arrays(f"state-{progress.epoch}.safetensors", state)
        text = json.dumps(asdict(progress), indent=1)
        (self.folder / "progress.part").write_text(text)
        (self.folder / "progress.part").replace(self.folder / "progress.json")
        for old in self.folder.glob("state-*.safetensors"):
            if old.name != f"state-{progress.epoch}.safetensors":
                old.unlink()

    def load(self) -> tuple[Progress, Arrays]:
        values = json.loads((self.folder / "progress.json").read_text())
        progress = Progress(**(values | {"best_score": tuple(values["best_score"])}))
        return progress, load_file(self.folder / f"state-{progress.epoch}.safetensors")

    def save_best(self, weights: list[NDArray[np.float32]]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        arrays = {f"{index:04d}": weight for index, weight in enumerate(weights)}
        self._replace_arrays("best.safetensors", arrays)

    def load_best(self) -> list[NDArray[np.float32]]:
        arrays = load_file(self.folder / "best.safetensors")
        return [arrays[key] for key in sorted(arrays)]

    def _replace_arrays(self, name: str, arrays: Arrays) -> None:
        part = self.folder / f"{name}.part"
        save_file({key: np.array(value, order="C") for key, value in arrays.items()}, part)
        part.replace(self.folder / name)
