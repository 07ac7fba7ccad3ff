"""The installation in words: what runs, what stands, what helps; and the models' cards."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from hemaqueue.audit.backups import backup_record
from hemaqueue.audit.models import Backup
from hemaqueue.jobs.models import Ear, WorkerPresence
from hemaqueue.jobs.states import JobState
from hemaqueue.registry.models import ModelProof
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
    version = factories.ModelVersionFactory()
    Ear.objects.create(pk=1, probe_at=Now())
    ModelProof.objects.create(model=version, worker="one")
    WorkerPresence.objects.create(name="one", queues=["inference", "reports"], processes=2)
    shown = page(tessa, "status")
    assert "Everything runs" in shown
    assert "1 worker" in shown


def test_headline_and_hour_are_asked_for_anew_with_the_facts(tessa: Client) -> None:
    shown = page(tessa, "status")
    facts = shown.index('id="facts"')
    assert facts < shown.index("Something needs attention") < shown.index("as of ")
    assert re.search(r"as of \d\d:\d\d:\d\d", shown)


def test_the_hour_is_a_whole_sentence_in_french(tessa: Client) -> None:
    shown = tessa.get(reverse("status"), headers={"Accept-Language": "fr"}).content.decode()
    assert re.search(r"\bà \d\d:\d\d:\d\d", shown)
    assert "à à" not in shown


def test_news_that_is_not_heard_is_told_with_its_remedy(tessa: Client) -> None:
    shown = page(tessa, "status")
    assert "Nothing is given out and nothing is recorded." in shown
    assert "Start the dispatcher and the records worker" in shown


def test_a_redis_that_is_away_is_told_with_its_remedy(tessa: Client, settings: Any) -> None:
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"REDIS_URL": "redis://127.0.0.1:1/0"}
    assert "Start Redis again. Nothing has to be restored." in page(tessa, "status")


def test_a_model_that_nobody_has_shown_to_work_is_told(tessa: Client) -> None:
    version = factories.ModelVersionFactory()
    shown = page(tessa, "status")
    assert "No worker that is there has scored the known picture with it." in shown
    assert version.digest[:12] in shown
    ModelProof.objects.create(model=version, worker="one", fault="Its scores are no shares of one.")
    shown = page(tessa, "status")
    assert "Its scores are no shares of one." in shown
    assert "Let the former version serve again" in shown


def test_training_is_shown_where_something_waits_for_it(tessa: Client) -> None:
    assert "Start a training worker." not in page(tessa, "status")
    image = factories.image()
    factories.job(about=image, queue="training")
    assert "Start a training worker." in page(tessa, "status")


def test_the_last_backup_is_for_who_runs_the_installation(tessa: Client, adam: Client) -> None:
    assert "No backup was ever made." in page(adam, "status")
    backup_record(files=12, bytes=5 << 20, seconds=1)
    assert "0 h ago: 12 files, 5 MB." in page(adam, "status")
    assert "backup" not in page(tessa, "status").lower()


def test_an_old_backup_needs_attention(adam: Client) -> None:
    Backup.objects.create(files=1, bytes=1, seconds=1, at=Now() - timedelta(hours=27))
    shown = page(adam, "status")
    assert "27 h ago" in shown and "another machine" in shown


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


def test_a_model_names_the_temperature_it_is_calibrated_with(tessa: Client) -> None:
    version = factories.ModelVersionFactory()
    shown = tessa.get(reverse("model", args=[version.pk])).content.decode()
    assert "<dt>Calibrated with temperature</dt><dd>1.300</dd>" in shown


def test_no_figure_stands_without_its_interval_its_split_and_what_colour_alone_gives(
    tessa: Client,
) -> None:
    metrics = {
        "accuracy": 0.972, "n": 390, "split": "field-disjoint",
        "binary": {"sensitivity": 1.0, "n_malignant": 330},
        "intervals": {"accuracy": [0.951, 0.986], "sensitivity": [1.0, 1.0]},
        "colour_only_baseline": {"accuracy": 0.967},
    }  # fmt: skip
    version = factories.ModelVersionFactory(facts=factories.FACTS | {"metrics": metrics})
    for shown in (
        page(tessa, "models"),
        tessa.get(reverse("model", args=[version.pk])).content.decode(),
    ):
        tiles = re.sub(r"<[^>]+>", " ", shown)
        assert re.search(r"97\.2 %\s*Accuracy\s*95\.1 % to 98\.6 %", tiles)
        assert re.search(r"100\.0 %\s*Sensitivity, malignant\s*98\.\d % to 100\.0 %", tiles)
        assert re.search(r"96\.7 %\s*Colour only\s*Accuracy", tiles)
        assert re.search(r"390\s*Images it was judged on\s*field-disjoint", tiles)
