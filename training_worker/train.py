"""Trains a network on a folder of pictures: `python -m training_worker.train --help`."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from inference_worker import tensorflow_setup
from jobcontract.processes import die_with_parent
from training_worker.fold_folder import FoldFolder
from training_worker.folds import Fold
from training_worker.pretrained import NONE, require_pretrained
from training_worker.recipes import BENIGN_EXTRA, augmentation_of, classes_of, recipe_of
from training_worker.refusals import NotPossible, require_free, require_network, require_pictures
from training_worker.settings import TrainingSettings
from training_worker.suites import QUICK, SUITES

if TYPE_CHECKING:
    from inference_worker.classes import SmearClass
    from training_worker.plan import Plan

FROZEN = 0.2
"""Share of the schedule in which only the head learns, where the rest comes pretrained."""


def positive(text: str, *, least: int = 1) -> int:
    """Return a whole number of at least `least`; argparse words the refusal."""
    number = int(text)
    if number < least:
        raise argparse.ArgumentTypeError(f"at least {least} was expected. Received: {text}")
    return number


def natural(text: str) -> int:
    return positive(text, least=0)


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
    add("--clock", choices=("wall", "cpu"), default="wall", help="of --minutes")
    add("--patience", type=natural, default=0, help="end after so many epochs in vain; 0: never")
    add("--seed", type=int, default=0)
    add("--resume", action="store_true", help="go on from the checkpoint beside the bundle")
    add("--input-size", type=positive, help="side of the network's input in pixels")
    add("--parameters", type=json.loads, default={}, help="of the network, as a JSON object")
    add("--image-kind", choices=("field", "cell", "synthetic"), default="field")
    add("--batch-size", type=positive)
    add("--learning-rate", type=float)
    add("--augmentation", default="", help="ours, reported, or a JSON object of changes")
    add("--pretrained", default=NONE, help="imagenet, none, or the PATH of weights or a bundle")
    add("--threads", type=positive, default=2, help="of one process; a fold has one")
    add("--folds", type=positive, help="cross-validate on so many folds of whole groups")
    add("--fold", type=positive, help="train and score only this one of the folds")
    add("--pool", action="store_true", help="folds over train/ and val/ together")
    add("--jobs", type=positive, default=1, help="folds trained at a time, a process each")
    add("--suite", choices=SUITES, default=QUICK, help="how much of each fold's evaluation")
    add("--json", action="store_true", help="print the folds' report as one JSON object")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    words = sys.argv[1:] if arguments is None else arguments
    given = parse(words)
    try:
        require_network(given.network)
        require_pretrained(given.network, given.pretrained, parameters=given.parameters)
        require_pictures(given.data, classes=_classes(given))
        written = _done(given, words)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"Not trained: {error}\n")
        return 2
    sys.stdout.write(f"{written}\n")
    return 0


def _classes(given: argparse.Namespace) -> tuple[SmearClass, ...]:
    return classes_of(given.network, image_kind=given.image_kind)


def _done(given: argparse.Namespace, words: list[str]) -> str:
    """Do what was asked for and return what is said about it."""
    if not given.folds:
        require_free(given.out, resume=given.resume)
        _train(given, out=given.out)
        return f"Written: {given.out}"
    if given.folds < 2 or (given.fold or 1) > given.folds:
        raise NotPossible("At least 2 folds were expected, and a fold among them.")
    return _score_fold(given) if given.fold else _cross_validate(given, words)


def _cross_validate(given: argparse.Namespace, words: list[str]) -> str:
    from training_worker import cross_validation, fold_report

    names = ("network", "parameters", "input_size", "image_kind", "pretrained")
    plan = cross_validation.asked(
        given.data,
        folds=given.folds,
        pooled=given.pool,
        classes=_classes(given),
        settings={name: getattr(given, name) for name in names} | _settings(given).to_json(),
    )
    report = cross_validation.cross_validate(
        words,
        folder=FoldFolder(given.out),
        plan=plan,
        suite=given.suite,
        jobs=given.jobs,
        resume=given.resume,
    )
    return json.dumps(report, indent=1) if given.json else fold_report.readable(report)


def _score_fold(given: argparse.Namespace) -> str:
    from training_worker.fold_run import score_fold

    die_with_parent()
    tensorflow_setup.limit_threads(given.threads)
    folder = FoldFolder(given.out)
    fold = Fold(given.fold, given.folds, pooled=given.pool)
    score_fold(
        folder,
        fold,
        data=given.data,
        suite=given.suite,
        train=lambda out: _train(given, out=out, left_out=fold),
    )
    return f"Written: {folder.figures(fold.number, given.suite)}"


def _train(given: argparse.Namespace, *, out: Path, left_out: Fold | None = None) -> None:
    tensorflow_setup.limit_threads(given.threads)
    from training_worker.run import train_bundle

    plan = replace(plan_of(given), left_out=left_out)
    train_bundle(plan, out=out, resume=given.resume, tell=_print_epoch)


def _settings(given: argparse.Namespace) -> TrainingSettings:
    """Return the network's own settings with what the command line changes of them."""
    recipe = recipe_of(given.network, image_kind=given.image_kind)
    asked = {"batch_size": given.batch_size, "learning_rate": given.learning_rate}
    changed = {name: value for name, value in asked.items() if value is not None}
    return TrainingSettings(
        epochs=given.epochs,
        minutes=given.minutes,
        clock=given.clock,
        patience=given.patience,
        class_weights=BENIGN_EXTRA,
        frozen=0.0 if given.pretrained == NONE else FROZEN,
        seed=given.seed,
        recipe=augmentation_of(given.augmentation, default=recipe.augmentation),
        **(recipe.settings | changed),
    )


def plan_of(given: argparse.Namespace) -> Plan:
    """Return the network's own recipe with what the command line changes of it."""
    from training_worker.plan import Plan

    recipe = recipe_of(given.network, image_kind=given.image_kind)
    return Plan(
        data=given.data,
        network=given.network,
        parameters=given.parameters,
        input_size=given.input_size or recipe.input_size,
        image_kind=given.image_kind,
        preprocessing=recipe.preprocessing,
        pretrained=given.pretrained,
        settings=_settings(given),
    )


def _print_epoch(facts: dict[str, float]) -> None:
    sys.stdout.write(json.dumps({name: round(value, 4) for name, value in facts.items()}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
