"""Two bundles on the same pictures: what only one gets right, by how much, and which flip."""

from __future__ import annotations

import numpy as np
import pytest

from jobcontract.paired import McNemar, mcnemar
from training_worker.comparing import compared
from training_worker.intervals import interval, mean
from training_worker.metrics import expected_calibration_error, macro_recall
from training_worker.verdicts import Verdicts

CODES = ("benign", "malignant")
GROUPS = [f"g{index}" for index in range(40)]
DIGESTS = [f"{index:064x}" for index in range(40)]
LABELS = np.arange(40) % 2


def verdicts(wrong: set[int], *, sure: float = 0.9) -> Verdicts:
    """Return verdicts that name all but the pictures of `wrong` rightly."""
    named = np.array([1 - label if i in wrong else label for i, label in enumerate(LABELS)])
    scores = np.where(np.eye(2)[named] == 1, sure, 1 - sure)
    return Verdicts(LABELS, scores, LABELS == 1, scores[:, 1], scores[:, 1] >= 0.5)


def found(one: Verdicts, other: Verdicts) -> dict[str, object]:
    return compared(one, other, codes=CODES, groups=GROUPS, digests=DIGESTS)


def test_the_exact_test_is_the_binomial() -> None:
    one, other = np.array([True] * 9 + [False]), np.array([False] * 9 + [True])
    assert mcnemar(one, other) == McNemar(9, 1, pytest.approx(2 * (1 + 10) / 2**10))


def test_pictures_that_both_get_right_say_nothing() -> None:
    assert mcnemar(np.ones(50, bool), np.ones(50, bool)).p == 1.0


def test_a_clear_gain_has_an_interval_above_zero() -> None:
    row = found(verdicts(set()), verdicts(set(range(12))))["difference"]["accuracy"]
    assert (row["this"], row["against"], row["difference"]) == (1.0, 0.7, pytest.approx(0.3))
    assert 0 < row["interval"][0] < 0.3 < row["interval"][1]


def test_a_bundle_does_not_differ_from_itself() -> None:
    report = found(verdicts({3}), verdicts({3}))
    assert report["difference"]["accuracy"]["interval"] == [0.0, 0.0]
    assert report["mcnemar"]["malignant"]["p"] == 1.0
    assert report["flips"] == []


def test_what_got_worse_is_listed_first() -> None:
    rows = found(verdicts({5}), verdicts({8}))["flips"]
    assert [(row["sha256"], row["change"]) for row in rows] == [
        (DIGESTS[5], "worse"),
        (DIGESTS[8], "better"),
    ]
    assert (rows[0]["label"], rows[0]["this"], rows[0]["against"]) == (
        "malignant", "benign", "malignant"
    )  # fmt: skip
    assert (rows[1]["this_malignant"], rows[1]["against_malignant"]) == (False, True)


def test_the_same_name_on_the_other_side_of_the_threshold_is_a_flip() -> None:
    cautious = verdicts(set(), sure=0.9)
    other = Verdicts(LABELS, cautious.scores, LABELS == 1, cautious.malignant_scores,
                     cautious.malignant_scores >= 0.05)  # fmt: skip
    rows = found(other, cautious)["flips"]
    assert {row["change"] for row in rows} == {"called_otherwise"}
    assert len(rows) == 20


def test_the_intervals_are_those_of_drawing_picture_by_picture() -> None:
    random = np.random.default_rng(3)
    groups = [f"g{index // 3}" for index in range(40)]
    both = [
        Verdicts(LABELS, scores, LABELS == 1, scores[:, 1], scores[:, 1] >= 0.4)
        for scores in (random.dirichlet((2, 2), 40) for _ in range(2))
    ]
    figures = {
        "accuracy": lambda said: mean(said.right),
        "macro_recall": lambda said: macro_recall(said.labels, said.named),
        "sensitivity": lambda said: mean(said.called[said.malignant]),
        "specificity": lambda said: mean(~said.called[~said.malignant]),
        "ece": lambda said: expected_calibration_error(said.labels, said.scores),
    }
    rows = compared(*both, codes=CODES, groups=groups, digests=DIGESTS)["difference"]
    for name, figure in figures.items():
        one, other = map(figure, both)
        assert rows[name]["difference"] == pytest.approx(one - other), name
        slow = interval(
            lambda i, figure=figure: figure(both[0].part(i)) - figure(both[1].part(i)),
            groups=groups,
        )
        assert rows[name]["interval"] == pytest.approx(slow), name
