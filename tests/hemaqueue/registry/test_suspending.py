"""Suspend AI: images come in and are read by hand; models are asked nothing, nobody is told."""

from __future__ import annotations

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Role
from hemaqueue.common.errors import Missing, NotAllowed
from hemaqueue.jobs.models import Ear, Job
from hemaqueue.jobs.states import JobState
from hemaqueue.pipeline.dispatcher import offered
from hemaqueue.pipeline.versions import ai_switched
from hemaqueue.registry.switching import SwitchUnchanged, SwitchUnexplained, is_suspended
from hemaqueue.reviews.blockers import signing_blockers
from hemaqueue.reviews.first_reads import prediction_shown
from hemaqueue.reviews.models import ConfirmedLabel, Lane, Origin, Review
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.reviews.states import case_is_signed
from hemaqueue.specimens.models import SmearImage
from tests import factories, readings
from tests.hemaqueue.training.confirming import decide
from tests.people import Script, adam, clara, logged_in, tessa

__all__ = ["adam", "clara", "tessa"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(db: None) -> None:
    """News is heard: what may be sent would be."""
    Ear.objects.update_or_create(pk=1, defaults={"probe_at": Now()})


@pytest.fixture
def waiting(heard: None) -> SmearImage:
    """An image whose job nobody has begun."""
    image = factories.image()
    factories.job(about=image)
    return image


def suspend(by: User, *, everywhere: bool = False, suspended: bool = True) -> None:
    site = None if everywhere else factories.SiteFactory()
    ai_switched(site=site, suspended=suspended, reason="It errs", by=by)


@pytest.mark.parametrize("everywhere", [True, False])
def test_nothing_is_asked_while_it_is_suspended(
    waiting: SmearImage, adam: User, everywhere: bool
) -> None:
    assert offered(Job.objects.all()).exists()
    suspend(adam, everywhere=everywhere)
    assert not offered(Job.objects.all()).exists()
    suspend(adam, everywhere=everywhere, suspended=False)
    assert offered(Job.objects.all()).exists()


def test_another_site_goes_on(waiting: SmearImage, adam: User) -> None:
    elsewhere = factories.SiteFactory(slug="elsewhere")
    there = factories.image(case=factories.CaseFactory(site=elsewhere))
    job = factories.job(about=there)
    suspend(adam)
    assert list(offered(Job.objects.all())) == [job]
    assert not is_suspended(elsewhere.pk)


def test_what_waits_is_there_to_be_read_by_hand(
    waiting: SmearImage, adam: User, clara: User
) -> None:
    assert not Review.objects.filter(case=waiting.case).exists()
    suspend(adam)
    review = Review.objects.get(case=waiting.case)
    assert review.lane != Lane.CLEAR
    assert "working" not in review.reasons
    decide(waiting, "pre_b", by=clara)
    assert ConfirmedLabel.objects.get().origin == Origin.BLIND
    assert signing_blockers(waiting.case) == []


def test_an_upload_is_taken_and_read_by_hand(
    heard: None, tessa: User, clara: User, adam: User
) -> None:
    factories.ModelVersionFactory()
    suspend(adam)
    taken = Script(tessa).upload(factories.picture_file())
    assert taken.status_code == 202
    image, job = SmearImage.objects.get(), Job.objects.get()
    assert (job.subject, job.state) == (image.pk, JobState.QUEUED)
    assert not offered(Job.objects.all()).exists()
    said = {"label": "pre_b", "stamp": review_stamp(image)}
    read = Script(clara).post(f"/api/v1/images/{image.pk}/decisions/", said)
    assert (read.status_code, ConfirmedLabel.objects.get().origin) == (201, Origin.BLIND)
    readings.signature(image.case, by=clara)
    assert case_is_signed(image.case)
    suspend(adam, suspended=False)
    assert offered(Job.objects.all()).get() == job


def test_nobody_is_shown_a_suggestion(tessa: User, clara: User, adam: User) -> None:
    image = factories.image()
    factories.prediction(image)
    assert prediction_shown(image, reader=clara)
    suspend(adam)
    for person in (tessa, clara, adam):
        assert prediction_shown(image, reader=person) is None
    heat = logged_in(clara).get(reverse("image_heatmap", args=[image.pk]))
    assert (heat.status_code, b"ai_suspended" in heat.content) == (409, True)
    suspend(adam, suspended=False)
    assert prediction_shown(image, reader=clara)


def test_a_signed_result_stays_as_it_was(clara: User, adam: User) -> None:
    case = readings.case_ready(by=clara)
    readings.signature(case, by=clara)
    suspend(adam)
    assert prediction_shown(case.images.get(), reader=clara)


def test_no_case_is_clear_without_a_model(adam: User) -> None:
    image = factories.image()
    benign = {"benign": 0.99, "pro_b": 0.004, "pre_b": 0.003, "early_pre_b": 0.003}
    factories.prediction(image, scores=benign)
    suspend(adam)
    review = Review.objects.get(case=image.case)
    assert review.lane == Lane.READY, review.reasons
    assert review.malignant == 0


def test_each_page_says_so_to_whom_it_concerns(clara: User, adam: User) -> None:
    suspend(adam)
    assert "AI is suspended at" in page(logged_in(clara))
    assert "AI is suspended" not in page(logged_in(factories.otto()))


def page(browser: Client) -> str:
    return browser.get(reverse("status")).content.decode()


def test_the_readers_page_asks_for_no_first_read(clara: User, adam: User) -> None:
    image = factories.image()
    factories.prediction(image)
    suspend(adam)
    shown = logged_in(clara).get(reverse("image", args=[image.pk])).content.decode()
    assert "AI is suspended: read this image yourself." in shown
    assert reverse("image_decide", args=[image.pk]) in shown
    assert reverse("image_first_read", args=[image.pk]) not in shown


def test_who_may_and_how(adam: User, clara: User) -> None:
    with pytest.raises(NotAllowed):
        suspend(clara)
    ada = factories.person("ada", Role.ADMINISTRATOR)
    with pytest.raises(Missing):
        suspend(ada, everywhere=True)
    suspend(ada)
    with pytest.raises(SwitchUnchanged):
        suspend(adam)
    with pytest.raises(SwitchUnexplained):
        ai_switched(site=factories.SiteFactory(), suspended=False, reason=" ", by=ada)


def test_a_refused_turn_is_said_beside_its_switch_with_the_reason_kept(adam: User) -> None:
    suspend(adam)
    site = factories.SiteFactory().slug
    given = {"site": site, "suspended": "yes", "reason": "It errs again"}
    refused = logged_in(adam).post(reverse("ai"), given)
    assert refused.status_code == 409
    shown = refused.content.decode()
    assert "It is so already. Nothing was changed." in shown
    assert shown.count('value="It errs again"') == 1
