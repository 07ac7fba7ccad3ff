"""Thresholds are chosen on what they cost: on the sweep of an evaluation of the version itself."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.evaluations.models import Evaluation
from hemaqueue.evaluations.points import PointUnfounded, point_choose_on_sweep
from hemaqueue.registry.models import ModelVersion, OperatingPoint
from tests import factories, judging
from tests.people import Script, adam, logged_in

__all__ = ["adam"]

pytestmark = pytest.mark.django_db
POINT = {"decision": 0.3, "abstain": 0.7, "reason": "Fewer misses"}


@pytest.fixture
def version(db: None) -> ModelVersion:
    return factories.ModelVersionFactory()


def unfit(version: ModelVersion) -> dict[str, uuid.UUID]:
    other = factories.ModelVersionFactory(name="two", status="candidate")
    return {
        "of another version": judging.evaluation(other).pk,
        "without a sweep": judging.evaluation(version, threshold_sweep=[]).pk,
        "of nothing": uuid.uuid4(),
    }


def ask(version: ModelVersion, by: User, **more: Any) -> Any:
    return Script(by).post(f"/api/v1/models/{version.pk}/operating-point/", POINT | more)


def test_a_point_names_the_evaluation_it_was_chosen_on(version: ModelVersion, adam: User) -> None:
    evaluation = judging.evaluation(version)
    point = point_choose_on_sweep(version, evaluation=evaluation.pk, by=adam, **POINT)
    assert (point.model, point.evaluation) == (version, evaluation.pk)


def test_thresholds_without_a_sweep_of_the_version_are_refused(
    version: ModelVersion, adam: User
) -> None:
    for case, evaluation in unfit(version).items():
        with pytest.raises(PointUnfounded):
            point_choose_on_sweep(version, evaluation=evaluation, by=adam, **POINT)
        refused = ask(version, adam, evaluation=str(evaluation))
        assert (refused.status_code, refused.json()["code"]) == (422, "point_unfounded"), case
        assert "Choose thresholds on an evaluation of this version" in refused.json()["detail"]
    assert not OperatingPoint.objects.exists()


def test_a_script_names_an_evaluation(version: ModelVersion, adam: User) -> None:
    refused = ask(version, adam)
    assert refused.status_code == 400
    assert [one["field"] for one in refused.json()["errors"]] == ["evaluation"]
    evaluation = judging.evaluation(version)
    said = ask(version, adam, evaluation=str(evaluation.pk))
    assert (said.status_code, said.json()["evaluation"]) == (201, str(evaluation.pk))


def test_the_page_of_an_evaluation_without_a_sweep_chooses_nothing(
    version: ModelVersion, adam: User
) -> None:
    evaluation: Evaluation = judging.evaluation(version, threshold_sweep=[])
    said = logged_in(adam).post(reverse("evaluation_point", args=[evaluation.pk]), POINT)
    assert said.status_code == 422
    assert not OperatingPoint.objects.exists()
