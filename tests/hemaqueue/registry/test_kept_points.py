"""A result names the point under which it came, and shows its thresholds when others hold."""

from __future__ import annotations

import importlib
import uuid

import pytest
from django.db import InternalError, connection, transaction
from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.jobs.states import JobState
from hemaqueue.predictions.models import Prediction
from hemaqueue.predictions.services import predictions_record
from hemaqueue.registry.models import ModelVersion, OperatingPoint
from hemaqueue.registry.points import point_choose
from hemaqueue.registry.selectors import model_reference
from hemaqueue.specimens.models import SmearImage
from jobcontract.messages import Classification
from tests import factories
from tests.people import Script, adam, logged_in, tessa

__all__ = ["adam", "tessa"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def serving(db: None) -> ModelVersion:
    return factories.ModelVersionFactory()


def choose(version: ModelVersion, by: User, decision: float) -> OperatingPoint:
    return point_choose(
        version, decision=decision, abstain=0.7, evaluation=uuid.uuid4(), reason="Fewer misses",
        by=by,
    )  # fmt: skip


def classified(version: ModelVersion) -> SmearImage:
    """Return an image that was asked for under what holds now, with its result."""
    image = factories.image()
    asked = model_reference(version).to_json()
    job = factories.job(about=image, state=JobState.SUCCEEDED, shared=asked)
    said = Classification(
        label="early_pre_b", scores=factories.SCORES, confidence=0.91, malignant=0.99, grid="",
        grid_shape=(0, 0),
    )  # fmt: skip
    predictions_record([(job, said)])
    return image


def shown(image: SmearImage, reader: User) -> tuple[str, dict[str, float]]:
    page = logged_in(reader).get(reverse("image", args=[image.pk])).content.decode()
    said = Script(reader).get(f"/api/v1/images/{image.pk}/").json()["prediction"]
    listed = Script(reader).get(f"/api/v1/images/{image.pk}/predictions/").json()["results"]
    assert listed[0]["thresholds"] == said["thresholds"]
    return page, said["thresholds"]


def test_each_result_is_shown_with_the_thresholds_under_which_it_came(
    serving: ModelVersion, adam: User, tessa: User
) -> None:
    before = classified(serving)
    choose(serving, adam, 0.3)
    between = classified(serving)
    choose(serving, adam, 0.2)
    for image, limit, abstain in ((before, 0.5, 0.6), (between, 0.3, 0.7)):
        page, thresholds = shown(image, tessa)
        assert f"limit {limit:.2f}" in page
        assert thresholds == {"decision": limit, "abstain": abstain}


def test_the_point_of_a_result_is_never_changed(serving: ModelVersion, adam: User) -> None:
    point = choose(serving, adam, 0.3)
    classified(serving)
    assert Prediction.objects.get().point == point
    with pytest.raises(InternalError), transaction.atomic():
        Prediction.objects.update(point=None)


def test_results_of_before_take_the_point_from_their_jobs(
    serving: ModelVersion, adam: User
) -> None:
    own = factories.prediction(factories.image())
    point = choose(serving, adam, 0.3)
    asked = model_reference(serving).to_json()
    image = factories.image()
    job = factories.job(about=image, state=JobState.SUCCEEDED, shared=asked)
    chosen = factories.prediction(image, by=job)
    assert chosen.point is None
    points = importlib.import_module("hemaqueue.predictions.migrations.0003_points")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(points.TAKE_THE_POINTS_OF_THE_JOBS)
    for one in (own, chosen):
        one.refresh_from_db()
    assert (own.point, chosen.point) == (None, point)
    with pytest.raises(InternalError), transaction.atomic():
        Prediction.objects.update(point=None)
