"""Training's page: what would be learned, why not, how a run goes, and what to decide about."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hemaqueue.jobs.states import JobState
from hemaqueue.registry.models import ModelStatus, ModelVersion
from hemaqueue.training.models import TrainingRun
from tests import factories
from tests.hemaqueue.training.confirming import a_run, confirm_enough, confirmed
from tests.hemaqueue.training.leaving import METRICS, TRAINING

INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", re.IGNORECASE)


@pytest.fixture(autouse=True)
def two_are_enough(settings: Any) -> None:
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"TRAINING_LABELS_PER_CLASS": 2}


def page(browser: Client, name: str = "training") -> str:
    return browser.get(reverse(name)).content.decode()


def a_candidate() -> ModelVersion:
    facts = factories.FACTS | {"metrics": METRICS, "training": TRAINING}
    return factories.ModelVersionFactory(name="two", status=ModelStatus.CANDIDATE, facts=facts)


def test_without_a_serving_model_the_page_says_what_helps(adam: Client) -> None:
    assert "There is nothing to learn from yet." in page(adam)


def test_too_few_labels_show_the_reason_and_no_button(adam: Client) -> None:
    factories.ModelVersionFactory()
    confirmed("benign", by=factories.clara())
    shown = page(adam)
    assert "A run cannot begin yet." in shown
    assert "Benign has 1" in shown
    assert "Start a run" not in shown
    assert not INLINE.findall(shown)


def test_a_run_is_started_and_its_page_watches_it(adam: Client) -> None:
    factories.ModelVersionFactory()
    confirm_enough(by=factories.clara())
    assert "Start a run" in page(adam)
    answer = adam.post(reverse("training"), {"kind": "synthetic", "epochs": "4"}, follow=True)
    shown = answer.content.decode()
    assert TrainingRun.objects.get().epochs == 4
    assert "The run is in line" in shown
    assert "No training worker has been heard" in shown
    run = TrainingRun.objects.get()
    assert f'hx-get="{reverse("training_run_live", args=[run.pk])}"' in shown
    watched = page(adam)
    assert f'hx-get="{reverse("training_runs")}"' in watched
    assert "Start a run" not in watched


def test_a_start_with_too_few_labels_is_refused_in_words(adam: Client) -> None:
    factories.ModelVersionFactory()
    answer = adam.post(reverse("training"), {"kind": "synthetic", "epochs": "4"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert re.search('role="alert">.*<p>[^<]*Benign has 0', shown)
    assert "What would be learned" in shown, "it is the page itself"


def test_a_number_of_epochs_that_cannot_be_starts_nothing(adam: Client) -> None:
    factories.ModelVersionFactory()
    confirm_enough(by=factories.clara())
    answer = adam.post(reverse("training"), {"kind": "synthetic", "epochs": "999"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "less than or equal to 300" in shown
    assert 'value="999"' in shown, "what was asked for stays in its form"
    assert not TrainingRun.objects.exists()


def test_a_candidate_stands_beside_the_version_it_came_from(adam: Client) -> None:
    run = a_run(by=factories.adam(), state=JobState.SUCCEEDED)
    TrainingRun.objects.filter(pk=run.pk).update(candidate=a_candidate())
    shown = page(adam)
    for words in ("97.0 %", "96.0 %", "at least 95.0 %", "no figure", "Judged on 40 images."):
        assert words in shown, words
    assert '<th scope="col" class="num">smearnet-synthetic-1</th>' in shown


def test_a_run_leads_to_what_it_made_and_an_empty_list_to_the_next_step(adam: Client) -> None:
    factories.ModelVersionFactory()
    assert "A run is started above" in page(adam)
    run = a_run(by=factories.adam(), state=JobState.SUCCEEDED)
    TrainingRun.objects.filter(pk=run.pk).update(candidate=a_candidate())
    here = TrainingRun.objects.get().candidate
    assert here
    link = f'<a href="{reverse("model", args=[here.pk])}">'
    assert f"{link}<b>two</b></a>" in page(adam)
    shown = adam.get(reverse("training_run", args=[run.pk])).content.decode()
    assert f"It made {link}two</a>, a candidate." in shown


def test_promoting_needs_a_reason_and_the_gates(adam: Client) -> None:
    factories.ModelVersionFactory()
    candidate = a_candidate()
    promote = reverse("model_promote", args=[candidate.pk])
    assert adam.post(promote, {"reason": " "}).status_code == 422
    assert adam.post(promote, {"reason": "Better"}).status_code == 409
    given = {"reason": "Better", "override": "A test"}
    assert "two serves from now on." in adam.post(promote, given, follow=True).content.decode()
    assert "Go back to it" in page(adam)


def test_a_rejected_version_is_not_offered_and_says_why(adam: Client, tessa: Client) -> None:
    candidate = a_candidate()
    reject = reverse("model_reject", args=[candidate.pk])
    adam.post(reject, {"reason": "Sensitivity fell"})
    assert reject not in page(adam)
    assert "Sensitivity fell" in page(tessa, "models")
    assert adam.post(reject, {"reason": "Again"}).status_code == 409


def test_a_version_points_at_its_snapshot_and_its_run(adam: Client, clara: Client) -> None:
    run = a_run(by=factories.adam(), state=JobState.SUCCEEDED)
    run.candidate, run.network = a_candidate(), "cnn4"
    run.save()
    address = reverse("model", args=[run.candidate.pk])
    pages = [
        (reverse("snapshot", args=[run.snapshot.pk]), "No. 1, manifest 000000000000"),
        (reverse("training_run", args=[run.pk]), "asked for on"),
    ]
    shown, others = (one.get(address).content.decode() for one in (adam, clara))
    for url, words in pages:
        assert re.search(f'<a href="{url}">{words}', shown)
        assert words in others
        assert url not in others, "it is not there for a clinician"
    for words in ("nothing: a network without weights", "batch_size 16", "By patient, subject"):
        assert words in shown
    assert re.search(rf"Compared with</dt>\s*<dd>\s*<a[^>]*>{run.base.name}<", shown)
    assert "By patient, subject" in adam.get(pages[1][0]).content.decode()


def test_only_who_runs_the_installation_is_led_there(adam: Client, clara: Client) -> None:
    link = f'href="{reverse("training")}"'
    assert link in page(adam, "home")
    assert link not in page(clara, "home")


def test_patience_is_asked_for_in_epochs(adam: Client) -> None:
    factories.ModelVersionFactory()
    confirm_enough(by=factories.clara())
    asked = {"kind": "synthetic", "epochs": "40", "patience": "3"}
    shown = adam.post(reverse("training"), asked, follow=True).content.decode()
    run = TrainingRun.objects.get()
    assert run.settings == {"patience": 3}
    assert run.job and run.job.payload["settings"] == {"patience": 3}
    assert "Patience in epochs" in shown
