"""The installation in words: what runs, what stands, what helps; and the models' cards."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from hemaqueue.jobs.models import WorkerPresence
from hemaqueue.jobs.states import JobState
from tests import factories


def page(browser: Client, name: str) -> str:
    return browser.get(reverse(name)).content.decode()


def test_a_silent_queue_is_told_with_its_remedy(tessa: Client) -> None:
    factories.ModelVersionFactory()
    shown = page(tessa, "status")
    assert "Something needs attention" in shown
    assert "What was sent is safe and waits." in shown
    assert "Start an inference worker." in shown


def test_all_is_well_when_everybody_is_heard(tessa: Client) -> None:
    factories.ModelVersionFactory()
    WorkerPresence.objects.create(name="one", queues=["inference", "reports"], processes=2)
    shown = page(tessa, "status")
    assert "Everything runs" in shown
    assert "1 worker" in shown


def test_no_model_is_told_with_its_remedy(tessa: Client) -> None:
    assert "Register a bundle and promote it." in page(tessa, "status")
    assert "No model is registered yet" in page(tessa, "models")


def test_failed_work_is_in_sight_of_the_site(tessa: Client, otto: Client) -> None:
    image = factories.image()
    factories.job(about=image, state=JobState.DEAD, error_code="worker_lost")
    assert "worker_lost" in page(tessa, "status")
    assert "worker_lost" not in page(otto, "status")


def test_a_model_shows_its_figures_and_its_card(tessa: Client) -> None:
    card = "# Smearnet\n\nResearch **use** only.\n\n- one <b>\n- two\n"
    card += "\n| a | b |\n|---|---|\n| 1 | 2 |"
    factories.ModelVersionFactory(card=card)
    shown = page(tessa, "models")
    assert "97.2 %" in shown
    assert "serving" in shown
    assert "<h3>Smearnet</h3>" in shown
    assert "<strong>use</strong>" in shown
    assert "<li>one &lt;b&gt;</li>" in shown
    assert "<td>2</td>" in shown
