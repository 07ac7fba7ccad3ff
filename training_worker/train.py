"""Trains a network on a folder of pictures: `python -m training_worker.train --help`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from inference_worker import tensorflow_setup
from training_worker.refusals import require_free, require_network, require_pictures
from training_worker.settings import TrainingSettings

BENIGN_EXTRA = {"benign": 1.25}
"""The hard error is benign taken for early: benign weighs more than balance alone gives."""


def positive(text: str) -> int:
    """Return a whole number of at least 1; argparse words the refusal."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"at least 1 was expected. Received: {text}")
    return number


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training_worker.train",
        description="Train a network on a folder per class and write a bundle.",
    )
    add = parser.add_argument
    add("--data", type=Path, required=True, help="a folder per class, or train/ and val/ of such")
    add("--network", default="smearnet", help="a name from inference_worker.networks")
    add("--out", type=Path, required=True, help="the bundle's folder")
    add("--epochs", type=positive, default=TrainingSettings.epochs)
    add("--minutes", type=float, default=0.0, help="end the schedule by then; 0: no limit")
    add("--seed", type=int, default=0)
    add("--resume", action="store_true", help="go on from the checkpoint beside the bundle")
    add("--input-size", type=positive, default=160, help="side of the network's input in pixels")
    add("--parameters", type=json.loads, default={}, help="of the network, as a JSON object")
    add("--image-kind", choices=("field", "cell", "synthetic"), default="field")
    add("--batch-size", type=positive, default=TrainingSettings.batch_size)
    add("--learning-rate", type=float, default=TrainingSettings.learning_rate)
    add("--threads", type=positive, default=2)
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    given = parse(arguments)
    try:
        require_pictures(given.data)
        require_network(given.network)
        require_free(given.out, resume=given.resume)
        _train(given)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"Not trained: {error}\n")
        return 2
    sys.stdout.write(f"Written: {given.out}\n")
    return 0


def _train(given: argparse.Namespace) -> None:
    tensorflow_setup.limit_threads(given.threads)
    from training_worker.plan import Plan
    from training_worker.run import train_bundle

    settings = TrainingSettings(
        epochs=given.epochs,
        minutes=given.minutes,
        batch_size=given.batch_size,
        learning_rate=given.learning_rate,
        class_weights=BENIGN_EXTRA,
        seed=given.seed,
    )
    plan = Plan(
        data=given.data,
        network=given.network,
        parameters=given.parameters,
        input_size=given.input_size,
        image_kind=given.image_kind,
        settings=settings,
    )
    train_bundle(plan, out=given.out, resume=given.resume, tell=_print_epoch)


def _print_epoch(facts: dict[str, float]) -> None:
    sys.stdout.write(json.dumps({name: round(value, 4) for name, value in facts.items()}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
