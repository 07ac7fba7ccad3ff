"""POST /predict: an image or its id in, the result out, or 202 and where to look."""

from __future__ import annotations

import pytest
from pytest import MonkeyPatch

from hemaqueue.accounts.models import User
from hemaqueue.registry.models import ModelVersion
from tests import factories
from tests.people import Script

pytestmark = pytest.mark.django_db


@pytest.fixture
def script(tessa: User, serving: ModelVersion, monkeypatch: MonkeyPatch) -> Script:
    monkeypatch.setattr("hemaqueue.api.short.LONGEST_WAIT", 0.1)
    return Script(tessa)


def test_a_known_image_gives_its_result(script: Script) -> None:
    image = factories.image()
    factories.prediction(image)
    answer = script.post("/predict", {"image_id": str(image.pk)})
    assert (answer.status_code, answer.json()["prediction"]["label"]) == (200, "early_pre_b")


def test_what_takes_longer_answers_with_the_job(script: Script) -> None:
    answer = script.upload(factories.picture_file(), to="/predict")
    assert answer.status_code == 202
    assert answer.json()["status_url"].startswith("/api/v1/jobs/")


def test_work_that_failed_is_told_at_once(script: Script) -> None:
    image = factories.image()
    factories.job(about=image, state="failed", error_code="corrupt_image")
    answer = script.post("/predict", {"image_id": str(image.pk)})
    assert (answer.status_code, answer.json()["state"]) == (200, "failed")


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 400), ({"image_id": "42"}, 400),
     ({"image_id": "00000000-0000-4000-8000-000000000000"}, 404)],
)  # fmt: skip
def test_nothing_to_predict(script: Script, body: dict[str, str], status: int) -> None:
    assert script.post("/predict", body).status_code == status
