"""The heatmap of another class: asked for once, waited for in place, named in its caption."""

from __future__ import annotations

import numpy as np
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from guardian.shortcuts import assign_perm

from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import JobState
from hemaqueue.predictions.models import Heatmap, Prediction
from hemaqueue.specimens.models import SmearImage
from jobcontract.names import Work
from tests import factories

HTMX = {"HX-Request": "true"}


def read() -> tuple[SmearImage, Prediction]:
    image = factories.image()
    return image, factories.prediction(image)


def address(image: SmearImage) -> str:
    return reverse("image_explain", args=[image.pk])


def drawn(prediction: Prediction, *, label: str) -> None:
    Heatmap.objects.create(
        prediction=prediction, label=label, method="gradcam", layer="last",
        rows=2, columns=2, grid=np.arange(4, dtype=np.float16).tobytes(),
    )  # fmt: skip


def asked() -> list[Job]:
    return list(Job.objects.filter(work=Work.EXPLAIN_PREDICTION))


def test_another_class_is_asked_for_once(clara: Client) -> None:
    image, _ = read()
    for _ in range(2):
        answer = clara.post(address(image), {"label": "pro_b"})
        assert answer["Location"] == reverse("image", args=[image.pk]) + "?label=pro_b"
    assert [job.payload["label"] for job in asked()] == ["pro_b"]


def test_the_rows_are_watched_until_the_heatmap_is_there(clara: Client) -> None:
    image, prediction = read()
    shown = clara.post(address(image), {"label": "pro_b"}, headers=HTMX)
    assert "It appears here when it is drawn." in shown.content.decode()
    poll = shown.context["scores"].poll_url
    assert clara.get(poll).status_code == 204
    Job.objects.filter(work=Work.EXPLAIN_PREDICTION).update(
        state=JobState.SUCCEEDED, finished_at=factories.timezone.now()
    )
    drawn(prediction, label="pro_b")
    after = clara.get(poll).content.decode()
    assert "data-heat-now" in after
    assert "hx-trigger" not in after
    assert "looked for Pro-B (Grad-CAM)" in after


def test_the_page_shows_the_class_that_its_address_names(clara: Client) -> None:
    image, prediction = read()
    drawn(prediction, label="pro_b")
    page = reverse("image", args=[image.pk])
    heat = clara.get(page, {"label": "pro_b"}).context["result"].heat
    assert (heat.shown, heat.url.endswith("?label=pro_b")) == (True, True)
    assert heat.caption.startswith("Where the model looked for Pro-B (Grad-CAM).")
    assert "Early Pre-B (CAM)" in clara.get(page).context["result"].heat.caption


def test_what_is_drawn_already_is_not_drawn_again(clara: Client) -> None:
    image, prediction = read()
    drawn(prediction, label="pro_b")
    clara.post(address(image), {"label": "pro_b"})
    assert asked() == []


def test_an_unknown_class_is_refused(clara: Client) -> None:
    image, _ = read()
    assert clara.post(address(image), {"label": "platelet"}).status_code == 422
    assert asked() == []


def test_an_image_without_a_result_has_nothing_to_explain(clara: Client) -> None:
    image = factories.image()
    factories.job(about=image)
    assert clara.post(address(image), {"label": "pro_b"}).status_code == 409


def test_a_guest_sees_what_is_drawn_and_asks_for_nothing(otto: Client) -> None:
    image, _ = read()
    assign_perm("view_case", get_user_model().objects.get(username="otto"), image.case)
    assert address(image) not in otto.get(reverse("image", args=[image.pk])).content.decode()
    assert otto.post(address(image), {"label": "pro_b"}).status_code == 403
