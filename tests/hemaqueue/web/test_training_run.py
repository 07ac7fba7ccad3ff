"""A run's page: how it goes, how it ended and what helps, and what calls it off."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import JobState
from hemaqueue.reviews.models import ConfirmedLabel
from hemaqueue.reviews.withdrawing import image_withdraw_from_training
from hemaqueue.training.models import SnapshotImage, TrainingRun
from tests import factories
from tests.hemaqueue.training.confirming import a_run, confirmed

INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", re.IGNORECASE)
CURVE = [
    {"epoch": n + 1, "seconds": 20.0 * (n + 1), "loss": 1.2 / (n + 1),
     "accuracy": 0.4 + n / 10, "check_loss": 1.3 / (n + 1), "check_accuracy": 0.45 + n / 10,
     "check_macro_recall": 0.5 + n / 20}
    for n in range(4)
]  # fmt: skip


def test_the_epochs_are_shown_while_it_learns(adam: Client) -> None:
    progress = {"epoch": 2, "seconds": 40.0, "check_macro_recall": 0.917}
    a_run(by=factories.adam(), state=JobState.RUNNING, progress=progress)
    answer = adam.get(reverse("training_runs"))
    shown = answer.content.decode()
    assert "epoch 2 of 5" in shown
    assert '<progress class="mt-1" value="2" max="5"' in shown
    assert "about 60.0 s left" in shown
    assert "91.7" in shown
    assert "HX-Refresh" not in answer.headers


def test_the_watching_page_loads_anew_when_the_run_has_ended(adam: Client) -> None:
    a_run(by=factories.adam(), state=JobState.FAILED, error_detail="The snapshot is empty.")
    answer = adam.get(reverse("training_runs"))
    assert answer.headers["HX-Refresh"] == "true"
    assert "The snapshot is empty." in answer.content.decode()


def test_a_run_called_off_has_nothing_left_and_says_with_what_it_began(adam: Client) -> None:
    progress = {"epoch": 2, "seconds": 40.0}
    run = a_run(by=factories.adam(), state=JobState.CANCELLED, progress=progress)
    TrainingRun.objects.filter(pk=run.pk).update(network="cnn4")
    shown = adam.get(reverse("training_runs")).content.decode()
    assert "cnn4, from nothing" in shown
    assert "left</div>" not in shown


def test_a_run_s_page_draws_both_curves_and_estimates_the_rest(adam: Client) -> None:
    progress = {"stage": "learning", "epoch": 4, "seconds": 80.0}
    run = a_run(by=factories.adam(), state=JobState.RUNNING, progress=progress)
    TrainingRun.objects.filter(pk=run.pk).update(curve=CURVE)
    shown = adam.get(reverse("training_run", args=[run.pk])).content.decode()
    for words in ("It learns.", "epoch 4 of 5", "20.0 s left", "Call it off", "0.325", "polyline"):
        assert words in shown, words
    assert shown.count("<polyline") == 5
    assert "Held out <b>0.750</b>" in shown
    assert not INLINE.findall(shown)
    assert "HX-Refresh" not in adam.get(reverse("training_run_live", args=[run.pk])).headers


@pytest.mark.parametrize("state", [JobState.RUNNING, JobState.SUCCEEDED])
def test_a_run_that_ended_early_says_so_and_is_no_failure(adam: Client, state: str) -> None:
    run = a_run(by=factories.adam(), state=state, progress={"stage": "judging"})
    waited = [one | {"since_best": n} for n, one in enumerate(CURVE)]
    kept = TrainingRun.objects.filter(pk=run.pk)
    kept.update(curve=waited, settings={"patience": 3})
    pages = [reverse("training_runs"), reverse("training_run", args=[run.pk])]
    said = "It ended early, after epoch 4 of 5: nothing got better for 3 epochs."
    chip = "being judged" if state == JobState.RUNNING else "done"
    for shown in (adam.get(address).content.decode() for address in pages):
        assert said in shown
        assert chip in shown
        assert "epoch 4 of 5</" not in shown
        assert ('value="4" max="4"' in shown) == (state == JobState.RUNNING)
    kept.update(settings={"patience": 4})
    assert not [one for one in pages if "ended early" in adam.get(one).content.decode()]


@pytest.mark.parametrize("state", [JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED])
def test_a_run_that_is_over_is_not_being_judged_any_more(adam: Client, state: str) -> None:
    run = a_run(by=factories.adam(), state=state, progress={"stage": "judging"})
    code, detail = "too_few_images", "A class is missing on one side of the split."
    Job.objects.filter(pk=run.job_id).update(error_code=code, error_detail=detail)
    shown = adam.get(reverse("training_run", args=[run.pk])).content.decode()
    assert "being judged" not in shown
    next_step = f"{detail} Confirm more images of each class, or choose another snapshot."
    assert (next_step in shown) == (state == JobState.FAILED)


def test_a_run_that_was_given_up_is_tried_again_from_its_page(adam: Client) -> None:
    run = a_run(by=factories.adam(), state=JobState.DEAD, error_code="time_limit", crashes=3)
    TrainingRun.objects.filter(pk=run.pk).update(curve=CURVE)
    page = reverse("training_run", args=[run.pk])
    shown = adam.get(page).content.decode()
    assert "Try again: it goes on after the last epoch that it kept." in shown
    assert "smaller picture" not in shown
    again = reverse("training_run_retry", args=[run.pk])
    assert f'action="{again}"' in shown
    shown = tried_again(adam, run)
    assert "The run waits again." in shown
    assert f'action="{again}"' not in shown
    assert "It waits for its worker." in shown
    job = Job.objects.get(pk=run.job_id)
    assert (job.state, job.crashes) == (JobState.QUEUED, 0)
    assert TrainingRun.objects.get(pk=run.pk).curve == CURVE


def test_a_run_is_not_tried_again_beside_another(adam: Client) -> None:
    run = a_run(by=factories.adam(), state=JobState.DEAD)
    a_run(by=factories.adam())
    assert "asked for again in the meantime" in tried_again(adam, run)
    assert Job.objects.get(pk=run.job_id).state == JobState.DEAD


def test_a_run_is_not_tried_again_on_what_was_withdrawn(adam: Client) -> None:
    run = a_run(by=factories.adam(), state=JobState.DEAD)
    clara = factories.clara()
    image = confirmed("benign", by=clara)
    SnapshotImage.objects.create(
        snapshot=run.snapshot, image=image, confirmed=ConfirmedLabel.objects.get(image=image),
        label="benign", group="g", sha256=image.sha256,
    )  # fmt: skip
    image_withdraw_from_training(image, reason="Another patient's film.", by=clara)
    assert "were withdrawn from training since" in tried_again(adam, run)
    assert Job.objects.get(pk=run.job_id).state == JobState.DEAD


def tried_again(adam: Client, run: TrainingRun) -> str:
    address = reverse("training_run_retry", args=[run.pk])
    return str(adam.post(address, follow=True).content.decode())


def test_a_run_is_called_off_from_its_page(adam: Client) -> None:
    run = a_run(by=factories.adam(), state=JobState.RUNNING)
    answer = adam.post(reverse("training_run_cancel", args=[run.pk]), follow=True)
    shown = answer.content.decode()
    assert "The run is called off." in shown
    assert "being stopped" in shown
    assert "Call it off" not in shown
    run.refresh_from_db()
    assert run.job and run.job.cancel_requested


def test_a_waiting_run_is_called_off_at_once(adam: Client) -> None:
    run = a_run(by=factories.adam(), state=JobState.QUEUED)
    adam.post(reverse("training_run_cancel", args=[run.pk]))
    run.refresh_from_db()
    assert run.job and run.job.state == JobState.CANCELLED
