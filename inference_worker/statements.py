"""What may be said of a picture, given its scores and the bundle's thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from inference_worker.bundle import BundleFacts


class Flag(StrEnum):
    UNCERTAIN = "uncertain"  # the model abstains: a person decides without its word
    OUT_OF_DISTRIBUTION = "out_of_distribution"  # unlike everything that the network learned from


def malignant_share(facts: BundleFacts, scores: Mapping[str, float]) -> float:
    """Return the sum of the malignant classes' scores."""
    return min(sum(scores[one.code] for one in facts.classes if one.malignant), 1.0)


def flags(
    facts: BundleFacts, *, label: str, scores: Mapping[str, float], distance: float
) -> tuple[str, ...]:
    """Return the flags of one answer.

    It is uncertain when its confidence is low, and when the class named is benign although
    the malignant classes together reach the decision threshold, or the reverse.
    """
    found = []
    if scores[label] < facts.thresholds.abstain or _sides_differ(facts, label, scores):
        found.append(Flag.UNCERTAIN.value)
    if distance > facts.thresholds.out_of_distribution:
        found.append(Flag.OUT_OF_DISTRIBUTION.value)
    return tuple(found)


def _sides_differ(facts: BundleFacts, label: str, scores: Mapping[str, float]) -> bool:
    named_malignant = any(one.malignant for one in facts.classes if one.code == label)
    return named_malignant != (malignant_share(facts, scores) >= facts.thresholds.decision)
