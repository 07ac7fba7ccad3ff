"""Decisions and explanations by script."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models.functions import Now

from hemaqueue.accounts.models import User
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import JobState
from hemaqueue.predictions.models import Heatmap
from hemaqueue.predictions.selectors import heatmap_of
from hemaqueue.predictions.services import heatmap_record
from hemaqueue.reviews.models import ConfirmedLabel, Decision
from hemaqueue.specimens.models import SmearImage
from jobcontract.messages import Explanation
from tests import factories
from tests.people import Script

pytestmark = pytest.mark.django_db


@pytest.fixture
def script(clara: User) -> Script:
    return Script(clara)


@pytest.fixture
def image(db: None) -> SmearImage:
    image = factories.image()
    factories.prediction(image)
    return image


def stamp(script: Script, image: SmearImage) -> str:
    return str(script.get(f"/api/v1/images/{image.pk}/").json()["stamp"])


def decide(script: Script, image: SmearImage, **said: Any) -> Any:
    said.setdefault("stamp", stamp(script, image))
    return script.post(f"/api/v1/images/{image.pk}/decisions/", said)


def test_a_confirmation_becomes_a_label_to_learn_from(script: Script, image: SmearImage) -> None:
    answer = decide(script, image, label="early_pre_b")
    assert (answer.status_code, answer.json()["label"]) == (201, "early_pre_b")
    label = ConfirmedLabel.objects.get()
    assert (label.label, label.origin) == ("early_pre_b", "confirmed")


def test_a_correction_needs_a_reason(script: Script, image: SmearImage) -> None:
    refused = decide(script, image, label="benign")
    assert (refused.status_code, refused.json()["code"]) == (422, "reason_required")
    refused = decide(script, image, label="benign", reason="morphology")
    assert (refused.status_code, refused.json()["code"]) == (422, "note_required")
    said = {"reason": "morphology", "note": "mature nuclei"}
    assert decide(script, image, label="benign", **said).status_code == 201
    assert ConfirmedLabel.objects.get().origin == "corrected"


def test_a_stale_stamp_is_refused(script: Script, image: SmearImage) -> None:
    old = stamp(script, image)
    decide(script, image, label="early_pre_b")
    answer = decide(script, image, label="pre_b", reason="morphology", stamp=old)
    assert (answer.status_code, answer.json()["code"]) == (409, "stale_page")
    assert Decision.objects.get().label == "early_pre_b"


def test_nothing_is_decided_without_a_stamp(script: Script, image: SmearImage) -> None:
    answer = script.post(f"/api/v1/images/{image.pk}/decisions/", {"label": "early_pre_b"})
    assert [one["field"] for one in answer.json()["errors"]] == ["stamp"]


@pytest.mark.parametrize(
    ("said", "status"),
    [({"label": "martian"}, 422), ({"choice": "maybe"}, 400), ({}, 422),
     ({"label": "early_pre_b", "reason": "mood"}, 400),
     ({"label": "benign", "reason": "other"}, 422),
     ({"label": "early_pre_b", "seconds": -1}, 400)],
)  # fmt: skip
def test_half_a_decision_is_none(
    script: Script, image: SmearImage, said: dict[str, Any], status: int
) -> None:
    assert decide(script, image, **said).status_code == status
    assert not Decision.objects.exists()


def test_uncertain_names_no_class(script: Script, image: SmearImage) -> None:
    assert decide(script, image, choice="uncertain").json()["label"] == ""
    assert not ConfirmedLabel.objects.exists()


def test_nothing_is_decided_about_a_withdrawn_image(script: Script, image: SmearImage) -> None:
    SmearImage.objects.update(withdrawn_at=image.uploaded_at)
    answer = decide(script, image, label="early_pre_b")
    assert (answer.status_code, answer.json()["code"]) == (409, "withdrawn")


def explain(script: Script, image: SmearImage, **asked: str) -> Any:
    return script.post(f"/api/v1/images/{image.pk}/explanations/", asked)


def test_another_class_is_explained_by_a_job(script: Script, image: SmearImage) -> None:
    answer = explain(script, image, label="pro_b")
    job = Job.objects.get(work="inference.explain_prediction")
    assert (answer.status_code, answer.json()["id"]) == (202, str(job.pk))
    assert explain(script, image, label="pro_b").json()["id"] == str(job.pk)


def test_what_was_explained_is_not_explained_again(script: Script, image: SmearImage) -> None:
    explain(script, image, label="pro_b")
    job = Job.objects.get(work="inference.explain_prediction")
    Job.objects.filter(pk=job.pk).update(state=JobState.SUCCEEDED, finished_at=job.created_at)
    prediction = image.predictions.get()
    grid = bytes(2 * 4)
    Heatmap.objects.create(
        prediction=prediction, label="pro_b", method="gradcam", rows=2, columns=2, grid=grid
    )
    answer = explain(script, image, label="pro_b")
    assert (answer.status_code, answer.json()["id"]) == (200, str(job.pk))
    assert script.get(answer.json()["result_url"]).status_code == 200


@pytest.mark.parametrize(("asked", "method"), [("gradcam", "gradcam"), ("gradcam", "occlusion"),
                                               ("occlusion", "occlusion")])  # fmt: skip
def test_what_is_drawn_is_found_by_whichever_method_it_was_drawn(
    script: Script, image: SmearImage, asked: str, method: str
) -> None:
    explain(script, image, label="pro_b", method=asked)
    job = Job.objects.get(work="inference.explain_prediction")
    heatmap_record(
        image.predictions.get(),
        said=Explanation(label="pro_b", layer="", method=method, grid="AAA=", grid_shape=(1, 1)),
    )
    Job.objects.filter(pk=job.pk).update(state=JobState.SUCCEEDED, finished_at=job.created_at)
    answer = explain(script, image, label="pro_b", method=asked)
    assert (answer.status_code, answer.json()["id"]) == (200, str(job.pk))
    assert script.get(answer.json()["result_url"]).status_code == 200


def test_another_layer_is_another_question_and_does_not_displace_the_map_that_came(
    script: Script, image: SmearImage
) -> None:
    said = image.predictions.get()
    last = explain(script, image, label=said.label).json()
    early = explain(script, image, label=said.label, layer="stage2_block1").json()
    assert early["id"] != last["id"]
    assert Job.objects.get(pk=early["id"]).payload["layer"] == "stage2_block1"
    Job.objects.filter(pk=early["id"]).update(state=JobState.SUCCEEDED, finished_at=Now())
    drawn = Heatmap.objects.create(
        prediction=said, label=said.label, method="gradcam", layer="stage2_block1",
        rows=2, columns=2, grid=bytes(2 * 4),
    )  # fmt: skip
    again = explain(script, image, label=said.label, layer="stage2_block1")
    assert (again.status_code, again.json()["id"]) == (200, early["id"])
    assert "layer=stage2_block1" in again.json()["result_url"]
    assert script.get(again.json()["result_url"]).status_code == 200
    assert heatmap_of(said, layer="stage2_block1") == drawn
    served = heatmap_of(said)
    assert served is not None
    assert served.method == "cam"


@pytest.mark.parametrize(
    "asked",
    [
        {"label": "martian"},
        {"label": "pro_b", "method": "magic"},
        {"label": "pro_b", "layer": "no layer <script>"},
        {},
    ],
)
def test_questions_that_no_model_answers(
    script: Script, image: SmearImage, asked: dict[str, str]
) -> None:
    assert explain(script, image, **asked).status_code == 400


def test_nothing_is_explained_before_there_is_a_result(script: Script) -> None:
    answer = explain(script, factories.image(), label="pro_b")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_result_yet")
