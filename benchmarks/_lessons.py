"""`_lessons.py FOLDER`: imports drawn pictures of four classes and asks for a long training.

Runs in the platform's environment. What is learned does not matter: the time it takes does.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

PER_CLASS = 60


def main(folder: Path) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks._bench import pictures
    from hemaqueue.accounts.models import User
    from hemaqueue.pipeline.learning import training_requested
    from hemaqueue.training.lessons import Sources
    from hemaqueue.training.models import EPOCHS_MOST
    from hemaqueue.training.services import Order
    from hemaqueue.training.snapshots import snapshot_freeze
    from inference_worker.classes import FOUR_CLASSES

    for number, one in enumerate(FOUR_CLASSES):
        pictures(folder / one.code, count=PER_CLASS, seed=70_000 + number)
    by = User.objects.filter(is_staff=True).earliest("username")
    call_command("import_dataset", folder, name="Benchmark", kind="field", by=by.username)
    snapshot = snapshot_freeze("field", by=by, sources=Sources(confirmed=False, datasets=None))
    order = Order("field", epochs=EPOCHS_MOST, network="mobilenet_v2", snapshot=snapshot.pk)
    training_requested(order, by=by)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
