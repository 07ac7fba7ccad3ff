"""Other work that goes on meanwhile: reports are asked for, and a model is trained."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from random import Random

from deploy.local.client import BROKEN
from deploy.local.paths import PYTHON, ROOT
from tests.chaos.system import System

PER_CLASS = 4
REPORTS = 2


def ask(system: System, cases: Sequence[str], *, chance: Random) -> None:
    """Ask for reports of some cases; what is answered with an error was not asked."""
    for case in chance.sample(list(cases), min(len(cases), REPORTS)):
        with suppress(*BROKEN):
            system.client.post(f"/api/v1/cases/{case}/reports/", {})


def teach(system: System) -> str:
    """Confirm some results in the clinician's name, and have a model trained on them."""
    run = subprocess.run(
        [str(PYTHON), "-m", "tests.chaos.besides"], env=system.environment(), cwd=ROOT,
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    return run.stdout.strip() or f"not now: {run.stderr.strip().splitlines()[-1:]}"


def _confirm_and_train() -> str:
    """Runs in a process of the platform."""
    import django

    django.setup()
    from hemaqueue.accounts.models import User
    from hemaqueue.pipeline.steps import training_requested
    from hemaqueue.reviews.selectors import review_stamp
    from hemaqueue.reviews.services import Verdict, decision_record
    from hemaqueue.specimens.models import SmearImage
    from inference_worker.classes import FOUR_CLASSES

    clara, adam = User.objects.get(username="clara"), User.objects.get(username="adam")
    done = SmearImage.objects.filter(predictions__isnull=False, batch=None).distinct()
    for at, image in enumerate(done[: PER_CLASS * len(FOUR_CLASSES)]):
        label = FOUR_CLASSES[at % len(FOUR_CLASSES)].code
        verdict = Verdict(choice="label", label=label, stamp=review_stamp(image))
        decision_record(image, verdict=verdict, by=clara)
    run = training_requested("synthetic", by=adam, epochs=1)
    return f"run {run.pk}"


if __name__ == "__main__":
    sys.stdout.write(_confirm_and_train() + "\n")
