"""Where a cross-validation keeps what it has.

plan.json      what was asked for; a run that goes on must ask for the same
fold-K         the bundle of fold K, its checkpoint beside it, its epochs in fold-K.log
fold-K.SUITE.json, report.SUITE.json   the figures of a fold, and of all of them
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training_worker.refusals import NotPossible


@dataclass(frozen=True)
class FoldFolder:
    out: Path

    @property
    def plan(self) -> Path:
        return self.out / "plan.json"

    def report(self, suite: str) -> Path:
        return self.out / f"report.{suite}.json"

    def bundle(self, number: int) -> Path:
        return self.out / f"fold-{number}"

    def figures(self, number: int, suite: str) -> Path:
        return self.out / f"fold-{number}.{suite}.json"

    def log(self, number: int) -> Path:
        return self.out / f"fold-{number}.log"

    def keep(self, path: Path, values: dict[str, Any]) -> None:
        """Write a file whole or not at all."""
        part = path.with_suffix(".part")
        part.write_text(json.dumps(values, indent=1) + "\n")
        part.replace(path)

    def require_own(self, plan: dict[str, Any], *, resume: bool) -> None:
        """Refuse to go on with what was not asked to go on, or was asked for otherwise.

        Raises:
            NotPossible: a cross-validation lies here, and it is not the one to go on with.
        """
        if not self.plan.is_file():
            return
        if not resume:
            raise NotPossible(
                f"There is a cross-validation in {self.out} already. Name another folder, or go "
                "on with it: --resume."
            )
        before = json.loads(self.plan.read_text())
        if differs := sorted(name for name in plan if before.get(name) != plan[name]):
            raise NotPossible(
                f"The cross-validation in {self.out} was started otherwise ({', '.join(differs)})."
                " Ask for the same, or name another folder."
            )
