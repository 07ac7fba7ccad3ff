"""Other work that goes on meanwhile: reports are asked for, and a model is trained.

python -m tests.chaos.besides [learn]      in the environment of the platform
"""

from __future__ import annotations

import subprocess
import sys

from deploy.local.paths import PYTHON, ROOT
from tests.chaos.system import System

PER_CLASS = 4
REPORTS = 6
PATIENCE = 60


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
    """Confirm some results in the clinician's name, and have a model trained on them."""
    from hemaqueue.accounts.models import User
    from hemaqueue.pipeline.learning import training_requested
    from hemaqueue.reviews.models import Reason
    from hemaqueue.reviews.selectors import review_stamp
    from hemaqueue.reviews.services import Verdict, decision_record
    from hemaqueue.specimens.models import SmearImage
    from hemaqueue.training.services import Order
    from inference_worker.classes import FOUR_CLASSES

    clara, adam = User.objects.get(username="clara"), User.objects.get(username="adam")
    done = SmearImage.objects.filter(predictions__isnull=False, batch=None).distinct()
    for at, image in enumerate(done[: PER_CLASS * len(FOUR_CLASSES)]):
        label = FOUR_CLASSES[at % len(FOUR_CLASSES)].code
        verdict = Verdict(
            choice="label",
            label=label,
            reason=Reason.MORPHOLOGY,
            note="What the harness says.",
            stamp=review_stamp(image),
        )
        decision_record(image, verdict=verdict, by=clara)
    run = training_requested(Order("synthetic", epochs=1), by=adam)
    return f"a model, run {run.pk}"


def main() -> None:
    import django

    django.setup()
    sys.stdout.write(reports() + "\n")
    if "learn" in sys.argv:
        sys.stdout.write(learning() + "\n")


if __name__ == "__main__":
    main()
