"""Which version serves: a person decides with a reason; gates show numbers and decide nothing."""

from __future__ import annotations

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.common.errors import Missing, Refused
from hemaqueue.pipeline.steps import version_promoted, version_rejected
from hemaqueue.registry.gates import gates_of
from hemaqueue.registry.models import Activation, ModelStatus, ModelVersion
from hemaqueue.registry.services import VersionRejected, VersionServes
from tests import factories
from tests.hemaqueue.training.leaving import METRICS
from tests.people import adam, clara

__all__ = ["adam", "clara"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def serving(db: None) -> ModelVersion:
    return factories.ModelVersionFactory()


@pytest.fixture
def candidate(serving: ModelVersion) -> ModelVersion:
    facts = factories.FACTS | {"metrics": METRICS}
    return factories.ModelVersionFactory(name="two", status=ModelStatus.CANDIDATE, facts=facts)


def status(version: ModelVersion) -> str:
    version.refresh_from_db()
    return version.status


def test_a_promoted_version_serves_and_the_former_one_retires(
    serving: ModelVersion, candidate: ModelVersion, adam: User
) -> None:
    version_promoted(candidate, by=adam, reason="Better on every class")
    assert (status(candidate), status(serving)) == (ModelStatus.SERVING, ModelStatus.RETIRED)
    act = Activation.objects.get()
    assert (act.model, act.former, act.by) == (candidate, serving, adam)
    version_promoted(serving, by=adam, reason="Back: too many false alarms")
    assert (status(candidate), status(serving)) == (ModelStatus.RETIRED, ModelStatus.SERVING)


def test_a_rejected_version_never_serves(candidate: ModelVersion, adam: User) -> None:
    version_rejected(candidate, by=adam, reason="Sensitivity fell")
    assert status(candidate) == ModelStatus.REJECTED
    assert candidate.rejected_because == "Sensitivity fell"
    with pytest.raises(VersionRejected):
        version_promoted(candidate, by=adam, reason="It is late")
    with pytest.raises(VersionRejected):
        version_rejected(candidate, by=adam, reason="Again")
    assert status(candidate) == ModelStatus.REJECTED


def test_the_serving_version_cannot_be_rejected(serving: ModelVersion, adam: User) -> None:
    with pytest.raises(VersionServes):
        version_rejected(serving, by=adam, reason="I do not like it")


@pytest.mark.parametrize("act", [version_promoted, version_rejected])
def test_both_acts_need_a_reason_and_an_administrator(
    act: object, candidate: ModelVersion, adam: User, clara: User
) -> None:
    with pytest.raises(Refused) as refused:
        act(candidate, by=adam, reason="  ")  # type: ignore[operator]
    assert refused.value.code == "reason_required"
    with pytest.raises(Missing):
        act(candidate, by=clara, reason="Mine")  # type: ignore[operator]
    assert status(candidate) == ModelStatus.CANDIDATE


def test_each_gate_shows_its_numbers(candidate: ModelVersion) -> None:
    shown = {gate.name: gate for gate in gates_of(candidate)}
    sensitivity, recall = shown["malignant_sensitivity"], shown["macro_recall"]
    assert (sensitivity.candidate, sensitivity.before, sensitivity.passed) == (0.97, 0.96, True)
    assert (recall.candidate, recall.before, recall.passed) == (0.88, 0.9, False)
    assert shown["accuracy"].passed


def test_a_figure_that_is_missing_passes_no_gate(candidate: ModelVersion) -> None:
    candidate.facts["metrics"] = METRICS | {"binary": {"sensitivity": None}}
    gate = gates_of(candidate)[0]
    assert (gate.candidate, gate.passed) == (None, None)


def test_a_version_made_from_no_other_has_no_gates(serving: ModelVersion) -> None:
    assert gates_of(serving) == []
