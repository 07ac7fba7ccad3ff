"""Other work that goes on meanwhile: reports are asked for, and a model is trained.

python -m tests.chaos.besides [learn]      in the environment of the platform
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.local.paths import PYTHON, ROOT
from tests.chaos.system import System

PER_CLASS, SIDE, EPOCHS = 8, 64, 3
REPORTS = 6
PATIENCE = 120


class Besides:
    """A process that asks in the names of clinician and administrator, while the run goes on."""

    def __init__(self, system: System, *, learns: bool) -> None:
        self._command = [str(PYTHON), "-m", "tests.chaos.besides"]
        self._command += ["learn"] if learns else []
        self._environment = system.environment()
        self._log = system.folder / "logs" / "besides.log"
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, cwd=ROOT, text=True,
                stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip

    def end(self) -> str:
        """Wait for it; return what was asked for. A database that was away is an answer too."""
        if self._process is None:
            return "nothing"
        said, _ = self._process.communicate(timeout=PATIENCE)
        return said.strip() or "nothing: it could not ask"


def reports() -> str:
    from hemaqueue.accounts.models import User
    from hemaqueue.pipeline.papers import report_requested
    from hemaqueue.specimens.models import Case

    clara = User.objects.get(username="clara")
    cases = list(Case.objects.order_by("created_at")[:REPORTS])
    for case in cases:
        report_requested(case, by=clara)
    return f"{len(cases)} reports"


def learning() -> str:
    """Have a model trained on drawn smears, in the administrator's name."""
    from hemaqueue.accounts.models import User
    from hemaqueue.pipeline.learning import snapshot_wanted, training_requested
    from hemaqueue.training.lessons import Sources
    from hemaqueue.training.models import Dataset
    from hemaqueue.training.services import Order

    adam = User.objects.get(username="adam")
    if not Dataset.objects.exists():
        _import_drawn()
    sources = Sources(confirmed=False, datasets=(Dataset.objects.get().pk,))
    snapshot = snapshot_wanted("synthetic", sources=sources, by=adam)
    run = training_requested(Order("synthetic", epochs=EPOCHS, snapshot=snapshot.pk), by=adam)
    return f"a model, run {run.pk}"


def _import_drawn() -> None:
    from django.core.management import call_command

    from training_worker.synthetic import write_folder

    named = ("--name", "Drawn", "--kind", "synthetic", "--by", "adam")
    with tempfile.TemporaryDirectory() as folder:
        write_folder(Path(folder), per_class=PER_CLASS, seed=1, size=SIDE)
        call_command("import_dataset", folder, *named, stdout=sys.stderr)


def main() -> None:
    import django

    django.setup()
    sys.stdout.write(reports() + "\n")
    if "learn" in sys.argv:
        sys.stdout.write(learning() + "\n")


if __name__ == "__main__":
    main()
