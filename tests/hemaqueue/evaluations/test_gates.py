"""Gates: each with its number, from the evaluation that decides, against the serving version."""

from __future__ import annotations

from typing import Any

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.evaluations.gate_words import gate_sentence
from hemaqueue.evaluations.gates import GateResult, GatesFailed, gates_of
from hemaqueue.evaluations.policy import (
    GateOutOfRange,
    GatesUnchanged,
    GatesUnexplained,
    gate_history,
    gate_policy,
    gate_policy_change,
)
from hemaqueue.evaluations.selectors import evaluation_deciding
from hemaqueue.evaluations.services import evaluation_import
from hemaqueue.pipeline.versions import version_promoted
from hemaqueue.registry.cards import card_write
from hemaqueue.registry.models import ModelStatus, ModelVersion
from jobcontract.splits import FROZEN
from tests import factories, judging
from tests.people import adam

__all__ = ["adam"]

pytestmark = pytest.mark.django_db
TEXTS = {"summary": "a", "intended_use": "b", "warnings": "c", "known_failures": "d"}


@pytest.fixture
def candidate(db: None) -> ModelVersion:
    judging.evaluation(factories.ModelVersionFactory())
    return factories.ModelVersionFactory(name="two", status=ModelStatus.CANDIDATE)


def shown(version: ModelVersion) -> dict[str, GateResult]:
    return {gate.name: gate for gate in gates_of(version)}


def test_every_gate_has_its_number_and_its_limit(candidate: ModelVersion, adam: User) -> None:
    judging.evaluation(candidate, judging.some_rows(wrong=2))
    card_write(candidate, texts=TEXTS, by=adam)
    gates = shown(candidate)
    assert all(gate.passed for gate in gates.values()), gates
    f1 = gates["macro_f1"]
    assert (f1.candidate, f1.before) == (58 / 60, 57 / 60)
    assert f1.limit == pytest.approx(57 / 60 - 0.01)
    assert (gates["class_recall"].candidate, gates["class_recall"].about) == (13 / 15, "benign")
    assert gates["ece"].at_most
    assert gates["beyond_colour"].candidate == pytest.approx(58 / 60 - 0.8)
    assert gates["robustness"].candidate == pytest.approx(0.93)
    assert gates["robustness"].about == "blur"


def test_the_frozen_test_set_decides_before_anything_newer(candidate: ModelVersion) -> None:
    taken = judging.report(candidate, judging.some_rows(wrong=1))
    kept = evaluation_import(taken, by=None)
    assert evaluation_deciding(candidate) == kept
    split = f"{FROZEN}; by patient, subject or case"
    own = judging.evaluation(candidate, judging.some_rows(wrong=4), split=split)
    judging.evaluation(candidate, split="groups held out of the snapshot")
    evaluation_import(taken | {"loss": 0.1, "split": split}, by=None)
    assert evaluation_deciding(candidate) == own
    assert shown(candidate)["macro_f1"].candidate == 56 / 60


WORSE: list[tuple[str, dict[str, Any]]] = [
    ("malignant_sensitivity", {"binary": {"sensitivity": 0.94}}),
    ("malignant_sensitivity", {"binary": {"sensitivity": 0.98}}),  # one point below the serving one
    ("macro_f1", {"macro_f1": 0.93}),
    ("ece", {"ece": 0.06}),
    ("apart", {"split": "image-level (optimistic)"}),
    ("beyond_colour", {"colour_only_baseline": {"accuracy": 0.99}}),
    ("robustness", {"robustness": {"blur": [{"accuracy": 0.8}]}}),
]


@pytest.mark.parametrize(("name", "change"), WORSE)
def test_a_worse_figure_fails_its_gate(
    candidate: ModelVersion, name: str, change: dict[str, Any]
) -> None:
    judging.evaluation(candidate, **change)
    assert shown(candidate)[name].passed is False


@pytest.mark.parametrize("name", ["robustness", "colour_only_baseline"])
def test_a_figure_that_is_missing_passes_no_gate(candidate: ModelVersion, name: str) -> None:
    judging.evaluation(candidate, **{name: None})
    missing = {"robustness": "robustness", "colour_only_baseline": "beyond_colour"}[name]
    assert shown(candidate)[missing].passed is None


def test_few_images_and_no_card_fail(candidate: ModelVersion) -> None:
    judging.evaluation(candidate, judging.some_rows(each=5))
    gates = shown(candidate)
    assert (gates["images"].candidate, gates["images"].passed) == (20.0, False)
    assert gates["card"].passed is False


def test_other_pictures_are_no_comparison(candidate: ModelVersion) -> None:
    judging.evaluation(candidate, data_digest="e" * 64)
    assert shown(candidate)["macro_f1"].passed is None


def test_a_failed_gate_is_listed_and_needs_a_reason_of_its_own(
    candidate: ModelVersion, adam: User
) -> None:
    judging.evaluation(candidate, ece=0.2)
    with pytest.raises(GatesFailed) as refused:
        version_promoted(candidate, by=adam, reason="Better")
    assert refused.value.errors == [
        {"field": "override", "code": "ece", "detail": "Calibration error: 0.200, at most 0.050."},
        {"field": "override", "code": "card",
         "detail": "Model card: incomplete, has to be complete."},
    ]  # fmt: skip
    candidate.refresh_from_db()
    assert candidate.status == ModelStatus.CANDIDATE
    version_promoted(candidate, by=adam, reason="Better", override="It is a trial.")
    candidate.refresh_from_db()
    assert candidate.status == ModelStatus.SERVING


def test_a_gate_without_a_figure_says_so_and_what_it_is_of(candidate: ModelVersion) -> None:
    judging.evaluation(candidate, data_digest="e" * 64, robustness={"blur": [{"accuracy": 0.8}]})
    said = {name: gate_sentence(gate) for name, gate in shown(candidate).items()}
    assert said["macro_f1"] == "Macro F1: 0.950, nothing to compare with."
    assert said["robustness"] == (
        "Lowest accuracy under a mild disturbance (Blur): 0.800, at least 0.850."
    )
    judging.evaluation(candidate, robustness=None)
    missing = gate_sentence(shown(candidate)["robustness"])
    assert missing == "Lowest accuracy under a mild disturbance: no figure, at least 0.850."


def test_limits_are_versioned_and_explained(candidate: ModelVersion, adam: User) -> None:
    judging.evaluation(candidate, ece=0.06)
    assert shown(candidate)["ece"].passed is False
    with pytest.raises(GatesUnexplained):
        gate_policy_change({"ece_limit": 0.1}, reason=" ", by=adam)
    with pytest.raises(GateOutOfRange, match="ece_limit"):
        gate_policy_change({"ece_limit": 2.0}, reason="Why not", by=adam)
    gate_policy_change({"ece_limit": 0.1}, reason="A small data set", by=adam)
    assert shown(candidate)["ece"].passed is True
    with pytest.raises(GatesUnchanged):
        gate_policy_change({"ece_limit": 0.1}, reason="Again", by=adam)
    gate_policy_change({"least_images": 100}, reason="More", by=adam)
    assert [one.ece_limit for one in gate_history()] == [0.1, 0.1]
    assert (gate_policy().least_images, gate_policy().ece_limit) == (100, 0.1)
