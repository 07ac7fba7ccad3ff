"""Old images are scored again in the background: results are added, signed ones never change."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from hemaqueue.common.errors import Missing
from hemaqueue.evaluations.models import Rescore
from hemaqueue.evaluations.rescored import rescore_counts, rescore_flips
from hemaqueue.evaluations.rescoring import (
    Chosen,
    NothingToRescore,
    NotServing,
    RescoreEnded,
    RescoreGoesOn,
    RescoreUnexplained,
)
from hemaqueue.jobs.models import BACKGROUND, Job
from hemaqueue.jobs.selectors import jobs_latest, queue_truth
from hemaqueue.jobs.services import jobs_finished
from hemaqueue.jobs.states import JobState
from hemaqueue.pipeline.background import background_feed, background_room
from hemaqueue.pipeline.rescoring import rescore_ended, rescore_requested
from hemaqueue.predictions.models import Prediction
from hemaqueue.predictions.selectors import prediction_of
from hemaqueue.registry.deciding import model_promote
from hemaqueue.registry.models import ModelVersion
from hemaqueue.registry.switching import ai_switch
from hemaqueue.reviews.checking import signature_check
from hemaqueue.reviews.models import Review
from jobcontract.names import Work
from tests import factories, readings
from tests.hemaqueue.jobs.ledger import failure, sent
from tests.hemaqueue.pipeline.background import SURE, asked, scored, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("worker")]


def the_next(name: str = "smearnet-synthetic-2") -> ModelVersion:
    """Return a version that serves since a moment ago."""
    factories.ModelVersionFactory()
    version = factories.ModelVersionFactory(name=name, status="candidate")
    model_promote(version, by=None, reason="Better on the test set")
    version.refresh_from_db()
    return version


def ordered(version: ModelVersion, **chosen: Any) -> Rescore:
    return rescore_requested(
        version, chosen=Chosen(**chosen), reason="A better version", by=factories.adam()
    )


def test_a_new_result_is_added_and_the_old_one_stays() -> None:
    image = scored()
    before = prediction_of(image)
    rescore = ordered(the_next())
    assert background_feed() == 1
    told(asked(Work.RESCORE_SMEARS))
    assert Prediction.objects.filter(image=image).count() == 2
    now = prediction_of(image)
    assert now and before and (now.model, now.label) == (rescore.model, "pre_b")
    counts = rescore_counts(rescore)
    assert (counts.total, counts.done, counts.flipped, counts.left) == (1, 1, 1, 0)
    assert [row.before for row in rescore_flips(rescore)] == [before]
    background_feed()
    rescore.refresh_from_db()
    assert rescore.ended_at
    assert not rescore.cancelled_at


def test_a_signed_case_keeps_what_was_signed() -> None:
    clara = factories.clara()
    case = readings.case_ready(by=clara)
    signature = readings.signature(case, by=clara)
    review = Review.objects.get(case=case)
    rescore = ordered(the_next())
    background_feed()
    told(asked(Work.RESCORE_SMEARS))
    counts = rescore_counts(rescore)
    assert (counts.flipped, counts.flipped_signed) == (1, 1)
    checked = signature_check(signature)
    assert (checked.intact, checked.holds, checked.changes) == (True, True, [])
    signature.refresh_from_db()
    now = Review.objects.get(case=case)
    assert (now.state, now.lane, now.revision) == (review.state, review.lane, review.revision)


def test_open_cases_are_sorted_anew() -> None:
    image = scored()
    before = Review.objects.get(case=image.case).lane
    ordered(the_next())
    background_feed()
    told(asked(Work.RESCORE_SMEARS))
    assert Review.objects.get(case=image.case).lane != before


def test_the_images_own_work_is_left_as_it_is() -> None:
    image = scored()
    own = jobs_latest([image.pk], work=Work.CLASSIFY_SMEARS)[image.pk]
    ordered(the_next())
    background_feed()
    (job,) = asked(Work.RESCORE_SMEARS)
    assert (job.priority, job.site, job.subject == image.pk) == (BACKGROUND, None, False)
    assert jobs_latest([image.pk], work=Work.CLASSIFY_SMEARS)[image.pk] == own
    assert queue_truth.__wrapped__().waiting == 0, "nobody waits for it"


def test_nothing_is_asked_while_somebody_waits() -> None:
    image = scored()
    ordered(the_next())
    waiting = factories.job(about=image)
    assert background_room() == 0
    assert background_feed() == 0
    Job.objects.filter(pk=waiting.pk).update(state=JobState.CANCELLED, finished_at=timezone.now())
    assert background_feed() == 1


def test_only_one_parcel_for_each_process_is_on_its_way() -> None:
    most = int(settings.HEMAQUEUE["BATCH_SIZE"])
    case = factories.CaseFactory()
    for seed in range(most + 3):
        scored(case=case, seed=seed)
    ordered(the_next())
    assert background_feed() == most
    assert background_feed() == 0, "the first ones are still on their way"
    told(asked(Work.RESCORE_SMEARS), SURE)
    assert background_feed() == 3


def test_nothing_is_asked_where_ai_is_suspended() -> None:
    image = scored()
    ordered(the_next())
    ai_switch(site=image.site, suspended=True, reason="Stain changed", by=factories.adam())
    assert background_feed() == 0


def test_another_version_serving_ends_it() -> None:
    scored()
    rescore = ordered(the_next())
    background_feed()
    model_promote(factories.ModelVersionFactory(), by=None, reason="Back again")
    background_feed()
    rescore.refresh_from_db()
    assert rescore.cancelled_at
    told(asked(Work.RESCORE_SMEARS))
    assert Prediction.objects.filter(model=rescore.model).count() == 0


def test_a_result_that_came_meanwhile_is_newer() -> None:
    image = scored()
    rescore = ordered(the_next())
    background_feed()
    third = factories.ModelVersionFactory(name="third", status="retired")
    job = factories.job(about=image, state=JobState.SUCCEEDED)
    newer = Prediction.objects.create(
        image=image, model=third, job=job, label="pro_b", confidence=0.9, malignant=0.9
    )
    told(asked(Work.RESCORE_SMEARS))
    assert prediction_of(image) == newer
    assert rescore_counts(rescore).late == 1


def test_a_failure_leaves_the_old_result() -> None:
    image = scored()
    rescore = ordered(the_next())
    background_feed()
    (job,) = asked(Work.RESCORE_SMEARS)
    jobs_finished(sent(job), [failure(job)])
    counts = rescore_counts(rescore)
    assert (counts.failed, counts.left) == (1, 0)
    assert prediction_of(image).label == "benign"  # type: ignore[union-attr]


def test_it_is_called_off_and_what_was_said_stays() -> None:
    scored()
    rescore = ordered(the_next())
    background_feed()
    rescore_ended(rescore, by=factories.adam())
    assert asked(Work.RESCORE_SMEARS) == []
    with pytest.raises(RescoreEnded):
        rescore_ended(rescore, by=factories.adam())
    assert background_feed() == 0


def test_images_are_chosen_by_site_version_and_day() -> None:
    here = scored()
    elsewhere = factories.SiteFactory(slug="elsewhere")
    scored(case=factories.CaseFactory(site=elsewhere))
    day = here.uploaded_at.date()
    version = the_next()
    former = ModelVersion.objects.get(name="smearnet-synthetic-1")
    rescore = ordered(version, site=here.site, former=former, since=day, until=day)
    assert [row.image for row in rescore.images.all()] == [here]


def test_an_order_needs_a_reason_a_serving_version_and_images() -> None:
    adam, version = factories.adam(), the_next()
    with pytest.raises(NothingToRescore):
        ordered(version)
    scored()
    with pytest.raises(RescoreUnexplained):
        rescore_requested(version, chosen=Chosen(), reason=" ", by=adam)
    with pytest.raises(NotServing):
        ordered(ModelVersion.objects.get(name="smearnet-synthetic-1"))
    with pytest.raises(Missing):
        rescore_requested(version, chosen=Chosen(), reason="Mine", by=factories.clara())
    ordered(version)
    with pytest.raises(RescoreGoesOn):
        ordered(version)
