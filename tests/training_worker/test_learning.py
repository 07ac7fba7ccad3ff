"""A network learns, and a run that was stopped goes on as if it had not been."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from inference_worker.networks import build_network
from tests.inference_worker.making import SIZE, SMALL, noise
from tests.training_worker.drawing import pixels
from training_worker.augmentation import Recipe
from training_worker.boxes import pseudo_targets
from training_worker.checkpoint import Checkpoint
from training_worker.learning import Learned, learn
from training_worker.optimiser import (
    Optimiser,
    _normalisations,
    balanced_weights,
    head_of,
    learning_rate,
)
from training_worker.settings import TrainingSettings

CALM = Recipe(stain_share=0, colour_share=0.2, blur_share=0, noise_share=0)


SETTINGS = TrainingSettings(
    epochs=4, batch_size=16, learning_rate=1e-2, average_decay=0.9, recipe=CALM
)


def taught(folder: Path, settings: TrainingSettings = SETTINGS, **more: Any) -> Learned:
    return learn(
        build_network("smearnet", classes=4, input_size=32, widths=(4, 8, 8, 8), dropout=0.0),
        lessons=pixels(16),
        checks=pixels(4, seed=1),
        class_weights=np.ones(4),
        settings=settings,
        checkpoint=Checkpoint(folder),
        **more,
    )


def run(folder: Path, *, epochs: int, resume: bool = False) -> Learned:
    told: list[dict[str, float]] = []

    def tell(facts: dict[str, float]) -> None:
        told.append(facts)
        if len(told) == epochs:
            raise KeyboardInterrupt

    try:
        return taught(folder, resume=resume, tell=tell if epochs < 4 else lambda _: None)
    except KeyboardInterrupt:
        return Learned(keras.Sequential(), Checkpoint(folder).load()[0])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("whole")


@pytest.fixture(scope="module")
def whole(folder: Path) -> Learned:
    return run(folder, epochs=4)


def test_it_learns(whole: Learned) -> None:
    losses = [facts["loss"] for facts in whole.progress.history]
    assert losses[-1] < losses[0]
    shares = [facts["accuracy"] for facts in whole.progress.history]
    assert 0 <= shares[0] < shares[-1] <= 1


def test_a_stopped_run_ends_where_the_whole_one_ends(whole: Learned, tmp_path: Path) -> None:
    assert run(tmp_path, epochs=2).progress.epoch == 2
    resumed = run(tmp_path, epochs=4, resume=True)
    assert resumed.progress.epoch == 4
    for one, other in zip(whole.model.weights, resumed.model.weights, strict=True):
        np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=1e-3, atol=1e-4)


def test_a_finished_run_has_nothing_left_to_learn(whole: Learned, folder: Path) -> None:
    again = run(folder, epochs=4, resume=True)
    assert again.progress.epoch == 4
    for one, other in zip(whole.model.weights, again.model.weights, strict=True):
        assert (one.numpy() == other.numpy()).all()


def test_a_run_that_goes_on_is_as_patient_as_the_whole_one(tmp_path: Path) -> None:
    settings = replace(SETTINGS, epochs=12, patience=2)
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"

    def keep(facts: dict[str, float]) -> None:
        if facts["since_best"] == 1:
            shutil.rmtree(stopped, ignore_errors=True)
            shutil.copytree(whole, stopped)

    ended = taught(whole, settings, tell=keep).progress
    assert ended.epoch == ended.best_epoch + 2 < 12
    before, _ = Checkpoint(stopped).load()
    assert before.epoch == ended.epoch - 1
    again = taught(stopped, settings, resume=True).progress
    assert (again.epoch, again.best_epoch) == (ended.epoch, ended.best_epoch)


def test_the_best_epoch_is_kept(whole: Learned) -> None:
    scores = [
        facts["check_macro_recall"] + facts["check_grey_macro_recall"]
        for facts in whole.progress.history
    ]
    assert scores[whole.progress.best_epoch - 1] == pytest.approx(max(scores))


def test_the_rate_rises_then_falls() -> None:
    settings = TrainingSettings(learning_rate=1.0, warm_up=0.1, final_rate=0.01)
    rates = [learning_rate(progress, settings) for progress in (0.0, 0.05, 0.1, 0.5, 1.0, 1.2)]
    assert rates[0] < rates[1] < rates[2] == 1.0
    assert rates[2] > rates[3] > rates[4] == rates[5] == pytest.approx(0.01)


@pytest.mark.parametrize("network", SMALL)
def test_at_first_the_head_learns_alone(network: str) -> None:
    """Of what was pretrained nothing moves, and neither does what a normalisation remembers."""
    model = build_network(network, classes=2, input_size=SIZE, **SMALL[network])
    before = {one.path: one.numpy() for one in model.weights}
    settings = TrainingSettings(frozen=0.2, learning_rate=1e-2)
    optimiser = Optimiser(model, class_weights=np.ones(2), settings=settings)
    targets = {"boxnet": pseudo_targets, "unet": lambda taught: taught[..., 0] // 128}
    asked = targets[network](noise(4)) if network in targets else None
    for _ in range(2):
        optimiser.learn(noise(4), np.arange(4) % 2, asked, progress=0.1)
    moved = {one.path for one in model.weights if not np.array_equal(one, before[one.path])}
    assert moved == {one.path for one in head_of(model)} != set()


def test_rare_classes_weigh_more() -> None:
    labels = np.array([0, 1, 1, 1])
    weights = balanced_weights(labels, codes=["a", "b"], extra={"a": 2.0})
    assert weights.tolist() == pytest.approx([4.0, 2 / 3])


@pytest.mark.parametrize("network", ["mobilenet_v2", "rank_ensemble"])
def test_statistics_of_the_first_weights_are_soon_forgotten(network: str) -> None:
    more: dict[str, Any] = {"mobilenet_v2": {"alpha": 0.35}, "rank_ensemble": {"members": ["cnn4"]}}
    model = build_network(network, classes=4, input_size=32, **more[network])
    Optimiser(model, class_weights=np.ones(4), settings=TrainingSettings())
    kept = [one.momentum for one in _normalisations(model)]
    assert kept
    assert max(kept) <= 0.95
