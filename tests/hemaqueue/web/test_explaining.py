"""The heatmap of another class: asked for once, waited for in place, named in its caption."""

from __future__ import annotations

import numpy as np
import pytest
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


def drawn(prediction: Prediction, *, label: str, method: str = "gradcam") -> None:
    Heatmap.objects.create(
        prediction=prediction, label=label, method=method,
        layer=method if method == "occlusion" else "last",
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
    assert "looked for Pro-B (Grad-CAM, layer last)" in after


def test_the_page_shows_the_class_that_its_address_names(clara: Client) -> None:
    image, prediction = read()
    drawn(prediction, label="pro_b")
    page = reverse("image", args=[image.pk])
    heat = clara.get(page, {"label": "pro_b"}).context["result"].heat
    assert (heat.shown, heat.url.endswith("?label=pro_b")) == (True, True)
    assert heat.caption.startswith("Where the model looked for Pro-B (Grad-CAM, layer last).")
    assert "Early Pre-B (CAM, layer last)" in clara.get(page).context["result"].heat.caption


def test_a_class_is_explained_by_a_second_method_beside_the_first(clara: Client) -> None:
    image, prediction = read()
    wanted = {"label": prediction.label, "method": "occlusion"}
    for _ in range(2):
        answer = clara.post(address(image), wanted)
        assert answer["Location"].endswith("?label=early_pre_b&method=occlusion")
    assert [job.payload["method"] for job in asked()] == ["occlusion"]
    waiting = clara.get(address(image), wanted)
    assert "method=occlusion" in waiting.context["scores"].poll_url
    assert "Occlusion for Early Pre-B" in waiting.content.decode()
    Job.objects.filter(work=Work.EXPLAIN_PREDICTION).update(
        state=JobState.SUCCEEDED, finished_at=factories.timezone.now()
    )
    drawn(prediction, label=prediction.label, method="occlusion")
    page = reverse("image", args=[image.pk])
    heat = clara.get(page, wanted).context["result"].heat
    assert (heat.shown, "Early Pre-B (Occlusion)." in heat.caption) == (True, True)
    served = clara.get(heat.url).content
    assert served != clara.get(reverse("image_heatmap", args=[image.pk])).content
    assert clara.get(page).context["result"].heat.url != heat.url
    clara.post(address(image), wanted)
    assert len(asked()) == 1


def test_no_second_method_is_offered_where_the_first_is_occlusion(clara: Client) -> None:
    image, prediction = read()
    Heatmap.objects.update(method="occlusion", layer="occlusion")
    result = clara.get(reverse("image", args=[image.pk])).context["result"]
    assert "Early Pre-B (Occlusion)." in result.heat.caption
    assert {len(row.ways) for row in result.outcome.scores.rows} == {1}
    answer = clara.post(address(image), {"label": "pro_b", "method": "occlusion"})
    assert answer.status_code == 422
    clara.post(address(image), {"label": "pro_b"})
    drawn(prediction, label="pro_b", method="occlusion")
    heat = clara.get(reverse("image", args=[image.pk]), {"label": "pro_b"}).context["result"].heat
    assert (heat.shown, "Pro-B (Occlusion)." in heat.caption) == (True, True)


def test_what_is_drawn_already_is_not_drawn_again(clara: Client) -> None:
    image, prediction = read()
    drawn(prediction, label="pro_b")
    clara.post(address(image), {"label": "pro_b"})
    assert asked() == []


@pytest.mark.parametrize("more", [{"label": "platelet"}, {"label": "pro_b", "method": "tea"}])
def test_an_unknown_class_or_method_is_refused(clara: Client, more: dict[str, str]) -> None:
    image, _ = read()
    assert clara.post(address(image), more).status_code == 422
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
