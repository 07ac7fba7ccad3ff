"""Figures that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training_worker.drawing import draw
from training_worker.colour_baseline import baseline_accuracy, fitted_baseline
from training_worker.intervals import further_intervals, interval
from training_worker.metrics import (
    binary_metrics,
    brier,
    class_metrics,
    expected_calibration_error,
    macro_scores,
)
from training_worker.verdicts import Verdicts

LABELS = np.array([0, 0, 1, 1])
SCORES = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.3, 0.7]])


def test_the_classes_figures() -> None:
    found = class_metrics(LABELS, SCORES, codes=["a", "b"])
    assert (found["n"], found["accuracy"], found["macro_recall"]) == (4, 0.75, 0.75)
    assert found["confusion_matrix"] == [[1, 1], [0, 2]]
    assert found["per_class"]["b"] == {
        "precision": pytest.approx(2 / 3),
        "recall": 1.0,
        "f1": pytest.approx(0.8),
        "support": 2,
    }


def test_a_class_that_does_not_occur_has_no_say_in_the_macro_recall() -> None:
    scores = np.column_stack([SCORES, np.zeros(4)])
    assert class_metrics(LABELS, scores, codes=["a", "b", "c"])["macro_recall"] == 0.75


def test_the_roll_up_is_positive_for_malignant() -> None:
    found = binary_metrics(LABELS == 1, SCORES[:, 1], threshold=0.65)
    assert (found["sensitivity"], found["specificity"], found["auroc"]) == (1.0, 1.0, 1.0)
    lower = binary_metrics(LABELS == 1, SCORES[:, 1], threshold=0.5)
    assert (lower["sensitivity"], lower["specificity"]) == (1.0, 0.5)


def test_without_benign_pictures_there_is_no_specificity() -> None:
    found = binary_metrics(np.ones(4, bool), SCORES[:, 1], threshold=0.5)
    assert (found["specificity"], found["auroc"]) == (None, None)


def test_sure_and_right_has_no_calibration_error() -> None:
    sure = np.eye(2)[LABELS]
    assert expected_calibration_error(LABELS, sure) == 0
    assert brier(LABELS, sure) == 0
    assert expected_calibration_error(1 - LABELS, sure) == 1


def test_the_interval_holds_the_figure_and_narrows_with_more_groups() -> None:
    values = np.random.default_rng(0).random(400) < 0.8
    widths = []
    for count in (40, 400):
        groups = [str(index % count) for index in range(400)]
        low, high = interval(lambda chosen: values[chosen].mean(), groups=groups)
        assert low <= values.mean() <= high
        widths.append(high - low)
    assert interval(lambda chosen: values[chosen].mean(), groups=["one"] * 400) == pytest.approx(
        [values.mean()] * 2
    )


def test_a_figure_that_is_never_a_number_has_no_interval() -> None:
    assert interval(lambda chosen: float("nan"), groups=["a", "b"]) is None


def test_macro_scores_are_those_of_the_report() -> None:
    random = np.random.default_rng(5)
    labels, scores = random.integers(0, 3, 60), random.dirichlet((1, 1, 1), 60)
    macro = class_metrics(labels, scores, codes=["a", "b", "c"])["macro"]
    assert macro_scores(labels, scores.argmax(1), classes=3) == pytest.approx(
        (macro["precision"], macro["f1"])
    )


def test_every_figure_of_a_sorted_table_has_an_interval_that_holds_it() -> None:
    random = np.random.default_rng(6)
    labels = random.integers(0, 3, 90)
    scores = np.eye(3)[labels] + 2 * random.random((90, 3))
    scores /= scores.sum(1, keepdims=True)
    said = Verdicts(labels, scores, labels > 0, 1 - scores[:, 0], scores[:, 0] < 0.5)
    groups = [str(index // 2) for index in range(90)]
    found = further_intervals(said, groups)
    figures = class_metrics(labels, scores, codes=["a", "b", "c"])
    rolled = binary_metrics(said.malignant, said.malignant_scores, threshold=0.5)
    wanted = {
        "macro_f1": figures["macro"]["f1"],
        "macro_precision": figures["macro"]["precision"],
        "malignant_accuracy": rolled["accuracy"],
        "malignant_precision": rolled["precision"],
        "malignant_f1": rolled["f1"],
    }
    for name, value in wanted.items():
        low, high = found[name] or (1.0, 0.0)
        assert low < value < high, name


def test_a_class_that_a_resample_lost_says_nothing_of_the_macro_figures() -> None:
    labels = np.array([0] * 9 + [1])
    perfect = Verdicts(labels, np.eye(2)[labels], labels > 0, labels * 1.0, labels > 0)
    found = further_intervals(perfect, [str(index) for index in range(10)])
    assert found["macro_f1"] == found["macro_precision"] == [1.0, 1.0]
    lacking = Verdicts(labels, np.eye(3)[labels], labels > 0, labels * 1.0, labels > 0)
    found = further_intervals(lacking, [str(index) for index in range(10)])
    assert found["macro_f1"] == pytest.approx([2 / 3, 2 / 3]), "as the figure counts it"


def test_colour_alone_names_a_class_that_colour_decides() -> None:
    def tinted(label: int, seed: int) -> np.ndarray:
        return np.clip(draw(0, seed=seed) * (1.0, 1 - 0.4 * label, 1.0), 0, 255).astype(np.uint8)

    labels = np.arange(40) % 2
    pictures = [tinted(int(label), seed) for seed, label in enumerate(labels)]
    baseline = fitted_baseline(pictures[:20], labels[:20])
    assert baseline_accuracy(baseline, pictures[20:], labels[20:]) > 0.9
