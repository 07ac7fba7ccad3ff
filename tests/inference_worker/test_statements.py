"""Flags say when the model's word should not be taken."""

from __future__ import annotations

import pytest

from inference_worker.bundle import Bundle
from inference_worker.statements import flags, malignant_share

SURE = {"benign": 0.9, "early_pre_b": 0.1, "pre_b": 0.0, "pro_b": 0.0}
TORN = {"benign": 0.4, "early_pre_b": 0.3, "pre_b": 0.2, "pro_b": 0.1}
ONE_SIDED = {"benign": 0.35, "early_pre_b": 0.62, "pre_b": 0.02, "pro_b": 0.01}


@pytest.mark.parametrize(
    ("label", "scores", "distance", "wanted"),
    [
        ("benign", SURE, 0.0, ()),
        ("early_pre_b", ONE_SIDED, 0.0, ()),
        ("benign", TORN, 0.0, ("uncertain",)),
        ("benign", SURE, 2e6, ("out_of_distribution",)),
        ("benign", TORN, 2e6, ("uncertain", "out_of_distribution")),
    ],
)
def test_flags_follow_the_thresholds(
    bundle: Bundle, label: str, scores: dict[str, float], distance: float, wanted: tuple[str, ...]
) -> None:
    assert flags(bundle.facts, label=label, scores=scores, distance=distance) == wanted


def test_a_benign_name_over_malignant_doubt_is_uncertain(bundle: Bundle) -> None:
    scores = {"benign": 0.65, "early_pre_b": 0.35, "pre_b": 0.0, "pro_b": 0.0}
    thresholds = type(bundle.facts.thresholds)(0.3, 0.6, 1e6)
    facts = type(bundle.facts)(**vars(bundle.facts) | {"thresholds": thresholds})
    assert flags(facts, label="benign", scores=scores, distance=0.0) == ("uncertain",)


def test_the_malignant_classes_count_together(bundle: Bundle) -> None:
    assert malignant_share(bundle.facts, TORN) == pytest.approx(0.6)
