"""The result page: the number belongs to the class named, and what must stand beside it does."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from hemaqueue.audit.models import AuditEvent
from hemaqueue.jobs.models import WorkerPresence
from hemaqueue.jobs.states import JobState
from hemaqueue.specimens.models import SmearImage
from tests import factories


def page(browser: Client, image: SmearImage, **query: str) -> str:
    return browser.get(reverse("image", args=[image.pk]), query).content.decode()


def test_a_result_has_everything_that_must_stand_beside_it(tessa: Client) -> None:
    image = factories.image()
    factories.prediction(image)
    shown = page(tessa, image)
    for part in (
        "Early Pre-B",
        "high · 0.91",
        "Any malignant class",
        "0.99",
        "smearnet-synthetic-1",
        "demonstration",
        "model 20 ms",
        "A haematologist confirms every result",
        "Next upload",
    ):
        assert part in shown, part


def test_four_bars_stand_in_the_order_of_their_scores(tessa: Client) -> None:
    image = factories.image()
    factories.prediction(image)
    shown = page(tessa, image)
    places = [
        shown.index(f"<dt>{word}</dt>") for word in ("Early Pre-B", "Pre-B", "Pro-B", "Benign")
    ]
    assert places == sorted(places)
    assert 'width="91.0"' in shown


def test_an_uncertain_result_names_no_class_as_its_headline(tessa: Client) -> None:
    image = factories.image()
    scores = {"pro_b": 0.48, "pre_b": 0.40, "early_pre_b": 0.08, "benign": 0.04}
    factories.prediction(image, scores=scores, flags=("uncertain", "out_of_distribution"))
    shown = page(tessa, image)
    assert "a human read is required" in shown
    assert "Pro-B 0.48 or Pre-B 0.40" in shown
    assert "class-large c-pro" not in shown
    assert shown.index("Unlike training images") < shown.index("No class stands out")


def test_no_score_is_rounded_to_certainty(tessa: Client) -> None:
    image = factories.image()
    scores = {"benign": 0.9991, "pre_b": 0.0004, "pro_b": 0.0003, "early_pre_b": 0.0002}
    factories.prediction(image, scores=scores)
    shown = page(tessa, image)
    assert "high · &gt;0.99" in shown
    assert "1.00" not in shown
    assert "&lt;0.01" in shown


def test_the_heatmap_is_off_until_somebody_asks(tessa: Client) -> None:
    image = factories.image()
    factories.prediction(image)
    address = reverse("image_heatmap", args=[image.pk])
    assert f' src="{address}"' not in page(tessa, image)
    assert f' src="{address}"' in page(tessa, image, heatmap="1")
    assert "It is not a cell detection" in page(tessa, image)


def test_a_waiting_page_asks_again_until_the_result_is_there(
    tessa: Client, worker: WorkerPresence
) -> None:
    image = factories.image()
    factories.job(about=image)
    shown = page(tessa, image)
    assert f'hx-get="{reverse("image_status", args=[image.pk])}' in shown
    assert 'hx-trigger="every 1s"' in shown
    assert "next in line" in shown


def test_a_poll_that_brings_no_news_is_empty(tessa: Client, worker: WorkerPresence) -> None:
    image = factories.image()
    factories.job(about=image)
    address = reverse("image_status", args=[image.pk])
    mark = "waiting.next in line.1.False"
    assert tessa.get(address, {"mark": mark}).status_code == 204
    assert tessa.get(address, {"mark": "something else"}).status_code == 200


def test_the_last_poll_brings_the_whole_page(tessa: Client) -> None:
    image = factories.image()
    factories.prediction(image)
    answer = tessa.get(reverse("image_status", args=[image.pk]))
    assert answer["HX-Refresh"] == "true"
    assert 'hx-trigger="every' not in page(tessa, image)


def test_a_failure_has_a_sentence_a_code_and_another_try(tessa: Client) -> None:
    image = factories.image()
    detail = "The worker stopped while it was working on this."
    job = factories.job(
        about=image, state=JobState.DEAD, error_code="worker_lost", error_detail=detail
    )
    shown = page(tessa, image)
    assert detail in shown
    assert "worker_lost" in shown
    tessa.post(reverse("job_retry", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    told = tessa.get(reverse("image_timeline", args=[image.pk])).content.decode()
    assert "tried again by Tessa Mukamana" in told


def test_looking_leaves_one_event(tessa: Client) -> None:
    image = factories.image()
    page(tessa, image)
    assert AuditEvent.objects.filter(action="image.view", object_id=str(image.pk)).count() == 1


def test_a_file_name_cannot_become_markup(tessa: Client) -> None:
    image = factories.image(filename="<script>alert(1)</script>.png")
    assert "<script>alert" not in page(tessa, image)
