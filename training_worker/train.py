"""Trains a network on a folder of pictures: `python -m training_worker.train --help`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from inference_worker import tensorflow_setup
from training_worker.pretrained import NONE, require_pretrained
from training_worker.recipes import augmentation_of, classes_of, recipe_of
from training_worker.refusals import require_free, require_network, require_pictures
from training_worker.settings import TrainingSettings

if TYPE_CHECKING:
    from training_worker.plan import Plan

BENIGN_EXTRA = {"benign": 1.25}
"""The hard error is benign taken for early: benign weighs more than balance alone gives."""

FROZEN = 0.2
"""Share of the schedule in which only the head learns, where the rest comes pretrained."""


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
    add("--input-size", type=positive, help="side of the network's input in pixels")
    add("--parameters", type=json.loads, default={}, help="of the network, as a JSON object")
    add("--image-kind", choices=("field", "cell", "synthetic"), default="field")
    add("--batch-size", type=positive)
    add("--learning-rate", type=float)
    add("--augmentation", default="", help="ours, reported, or a JSON object of changes")
    add("--pretrained", default=NONE, help="imagenet, none, or the PATH of weights or a bundle")
    add(
        "--folds", type=positive, default=1, help="cross-validate by group; bundles in OUT/fold-1 …"
    )
    add("--json", action="store_true", help="with --folds: print one JSON object and nothing else")
    add("--threads", type=positive, default=2)
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    given = parse(arguments)
    try:
        require_network(given.network)
        require_pretrained(given.network, given.pretrained)
        classes = classes_of(given.network, image_kind=given.image_kind)
        require_pictures(given.data, classes=classes)
        require_free(given.out, resume=given.resume)
        _train(given)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"Not trained: {error}\n")
        return 2
    if not given.json:
        sys.stdout.write(f"Written: {given.out}\n")
    return 0


def _train(given: argparse.Namespace) -> None:
    tensorflow_setup.limit_threads(given.threads)
    from training_worker.run import train_bundle

    if given.folds > 1:
        _cross_validate(given)
    else:
        train_bundle(plan_of(given), out=given.out, resume=given.resume, tell=_print_epoch)


def _cross_validate(given: argparse.Namespace) -> None:
    from training_worker.folds import cross_validated, readable

    tell = _say_nothing if given.json else _print_epoch
    found = cross_validated(
        plan_of(given), folds=given.folds, out=given.out, resume=given.resume, tell=tell
    )
    sys.stdout.write((json.dumps(found, indent=1) if given.json else readable(found)) + "\n")


def _say_nothing(facts: dict[str, float]) -> None:
    pass


def plan_of(given: argparse.Namespace) -> Plan:
    """Return the network's own recipe with what the command line changes of it."""
    from training_worker.plan import Plan

    recipe = recipe_of(given.network, image_kind=given.image_kind)
    asked = {"batch_size": given.batch_size, "learning_rate": given.learning_rate}
    changed = {name: value for name, value in asked.items() if value is not None}
    settings = TrainingSettings(
        epochs=given.epochs,
        minutes=given.minutes,
        class_weights=BENIGN_EXTRA,
        frozen=0.0 if given.pretrained == NONE else FROZEN,
        seed=given.seed,
        recipe=augmentation_of(given.augmentation, default=recipe.augmentation),
        **(recipe.settings | changed),
    )
    return Plan(
        data=given.data,
        network=given.network,
        parameters=given.parameters,
        input_size=given.input_size or recipe.input_size,
        image_kind=given.image_kind,
        preprocessing=recipe.preprocessing,
        pretrained=given.pretrained,
        settings=settings,
    )


def _print_epoch(facts: dict[str, float]) -> None:
    sys.stdout.write(json.dumps({name: round(value, 4) for name, value in facts.items()}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
