"""Reviews stand in their lanes after every event, and many are put there with few queries."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hemaqueue.accounts.models import User
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import JobState
from hemaqueue.pipeline import steps, tasks
from hemaqueue.pipeline.bench import smear_withdrawn
from hemaqueue.reviews.amending import review_amend
from hemaqueue.reviews.models import Lane, Referral, Return, Review, ReviewPolicy, ReviewState
from hemaqueue.reviews.services import reviews_open
from hemaqueue.reviews.sorting import reviews_resort, reviews_resort_due, reviews_resort_site
from hemaqueue.specimens.models import Case, SmearImage
from jobcontract.messages import Outcome, Ticket, Tidings
from jobcontract.names import News
from tests import factories, readings

pytestmark = pytest.mark.django_db

SURE = {"benign": 0.99, "early_pre_b": 0.005, "pre_b": 0.003, "pro_b": 0.002}
UNSURE = {"benign": 0.6, "early_pre_b": 0.2, "pre_b": 0.1, "pro_b": 0.1}
UNSAMPLED = uuid.UUID(int=1)


def clear_case(**more: object) -> Case:
    """A case in the clear lane, outside of the audit sample."""
    made: Case = factories.CaseFactory(**{"pk": UNSAMPLED} | more)
    factories.prediction(factories.image(case=made), scores=SURE)
    return made


def review(case: Case) -> Review:
    return Review.objects.get(case=case)


def lane(case: Case) -> tuple[str, list[str]]:
    """Lane and reasons; that a decision has a note is another test's."""
    found = review(case)
    return found.lane, [reason for reason in found.reasons if reason != "noted"]


def only_image(case: Case) -> SmearImage:
    return SmearImage.objects.get(case=case)


def told(job: Job, *, kind: News, ok: bool = False) -> Tidings:
    """News of a job's end; its parcel has the job alone."""
    outcome = Outcome(job=str(job.pk), attempt=job.attempt, ok=ok, code="broken", detail="It is.")
    ticket = Ticket(job=str(job.pk), attempt=job.attempt)
    return Tidings(
        kind=kind, parcel=str(job.message), tickets=[ticket], outcomes=[outcome], code="worker_lost"
    )


def test_results_put_a_case_into_its_lane(clara: User) -> None:
    case = clear_case()
    assert lane(case) == (Lane.CLEAR, [])
    factories.prediction(factories.image(case=case))
    assert lane(case) == (Lane.ATTENTION, ["malignant"])
    assert (review(case).images, review(case).malignant, review(case).doubt) == (2, 1, 0.91)


@pytest.mark.parametrize("kind", [News.FINISHED, News.CRASHED])
def test_a_failed_job_brings_its_case_to_the_readers(tessa: User, kind: News) -> None:
    image = factories.image()
    job = factories.job(about=image, state=JobState.RUNNING, max_crashes=1)
    tasks.apply(told(job, kind=kind))
    assert lane(image.case) == (Lane.ATTENTION, ["failed"])
    steps.job_asked_again(Job.objects.get(pk=job.pk), by=tessa)
    assert lane(image.case) == (Lane.READY, ["working"])
    steps.job_called_off(Job.objects.get(pk=job.pk), by=tessa)
    assert lane(image.case) == (Lane.ATTENTION, ["missing"])


def test_an_image_that_comes_takes_a_case_out_of_the_clear_lane() -> None:
    case = clear_case()
    image = factories.image(case=case)
    factories.job(about=image)
    reviews_resort([case.pk])
    assert lane(case) == (Lane.READY, ["working"])


def test_an_image_that_is_held_is_waited_for() -> None:
    case = clear_case()
    factories.image(case=case, held_at=timezone.now())
    reviews_resort([case.pk])
    assert lane(case) == (Lane.READY, ["working"])


def test_an_image_that_is_withdrawn_is_forgotten(tessa: User) -> None:
    case = clear_case()
    poor = factories.image(case=case, quality_flags=["out_of_focus"], uploaded_by=tessa)
    factories.prediction(poor, scores=SURE)
    assert lane(case) == (Lane.ATTENTION, ["out_of_focus"])
    smear_withdrawn(poor, by=tessa)
    assert lane(case) == (Lane.CLEAR, [])


def test_the_last_decision_moves_a_review_on_and_another_image_back(clara: User) -> None:
    case = clear_case()
    readings.decision(only_image(case), by=clara, choice="benign")
    assert (review(case).state, review(case).decided) == (ReviewState.DECIDED, 1)
    factories.prediction(factories.image(case=case), scores=SURE)
    assert (review(case).state, review(case).decided_at) == (ReviewState.OPEN, None)


def test_readers_who_disagree_bring_a_case_back(clara: User) -> None:
    case = clear_case()
    readings.decision(only_image(case), by=clara, choice="benign")
    carl = factories.person("carl", "clinician", site=case.site)
    readings.decision(only_image(case), by=carl, choice="unusable")
    assert review(case).state == ReviewState.OPEN
    assert lane(case) == (Lane.ATTENTION, ["disagreement"])
    readings.decision(only_image(case), by=carl, choice="benign")
    assert review(case).state == ReviewState.DECIDED


def test_a_return_waits_at_the_bench_and_its_answer_is_news(clara: User, tessa: User) -> None:
    case = clear_case()
    sent = Return.objects.create(image=only_image(case), by=clara, reason="poor_focus")
    reviews_resort([case.pk])
    assert (*lane(case), review(case).at_bench) == (Lane.READY, ["at_bench"], True)
    sent.settled_at, sent.settled_by, sent.answer = timezone.now(), tessa, "It is the best field."
    sent.save()
    reviews_resort([case.pk])
    assert (*lane(case), review(case).at_bench) == (Lane.ATTENTION, ["answered"], False)
    readings.decision(only_image(case), by=clara, choice="benign")
    assert lane(case)[1] == []


def test_a_replacement_is_news_until_it_is_read(clara: User, tessa: User) -> None:
    case = clear_case()
    old, new = only_image(case), factories.image(case=case)
    factories.prediction(new, scores=SURE)
    sent = Return.objects.create(image=old, by=clara, reason="poor_focus")
    smear_withdrawn(old, by=old.uploaded_by)
    sent.settled_at, sent.replacement = timezone.now(), new
    sent.save()
    reviews_resort([case.pk])
    assert lane(case) == (Lane.ATTENTION, ["answered"])
    readings.decision(new, by=clara, choice="benign")
    assert lane(case)[1] == []


def test_a_referral_needs_attention_until_it_is_answered(clara: User) -> None:
    case = clear_case()
    carl = factories.person("carl", "clinician", site=case.site)
    asked = Referral.objects.create(review=review(case), by=clara, to=carl)
    reviews_resort([case.pk])
    assert lane(case) == (Lane.ATTENTION, ["referred"])
    asked.answered_at = timezone.now()
    asked.save()
    reviews_resort([case.pk])
    assert lane(case) == (Lane.CLEAR, [])


def test_an_amendment_is_no_clear_case(clara: User) -> None:
    case = clear_case()
    readings.decision(only_image(case), by=clara, choice="benign")
    readings.signature(case, by=clara)
    review_amend(case, by=clara, reason="Second look.")
    assert lane(case)[1] == ["amended"]


def test_a_signed_review_stays_where_it_was(clara: User) -> None:
    case = clear_case()
    readings.decision(only_image(case), by=clara, choice="benign")
    readings.signature(case, by=clara)
    reviews_open([case])
    assert review(case).state == ReviewState.SIGNED


def policy(case: Case, *, by: User, **values: object) -> None:
    ReviewPolicy.objects.create(site=case.site, by=by, reason="A test", **values)
    reviews_resort_site(case.site)


def test_a_site_s_new_rules_hold_for_what_is_open(adam: User) -> None:
    case = clear_case()
    policy(case, by=adam, clear_confidence=0.999)
    assert lane(case) == (Lane.READY, ["below_limit"])
    policy(case, by=adam, blind_first_read=True)
    assert (*lane(case), review(case).doubt) == (Lane.READY, [], 0)


def test_an_urgent_mark_changes_lane_and_limit(tessa: User) -> None:
    case = clear_case()
    before = review(case).due_at
    Case.objects.filter(pk=case.pk).update(urgent=True)
    reviews_resort([case.pk])
    after = review(case).due_at
    assert lane(case) == (Lane.ATTENTION, ["urgent"])
    assert before is not None
    assert after is not None
    assert before - after == timedelta(hours=22)


def test_time_makes_a_case_overdue() -> None:
    case = clear_case()
    assert reviews_resort_due() == 0
    SmearImage.objects.filter(case=case).update(uploaded_at=timezone.now() - timedelta(hours=25))
    Review.objects.filter(case=case).update(due_at=timezone.now() - timedelta(hours=1))
    assert reviews_resort_due() == 1
    assert lane(case) == (Lane.ATTENTION, ["overdue"])
    assert reviews_resort_due() == 0


def test_reviews_from_before_there_were_lanes_are_put_into_them() -> None:
    case = clear_case()
    Review.objects.filter(case=case).update(
        lane=Lane.ATTENTION, images=0, in_lane_since=None, waiting_since=None, due_at=None
    )
    assert reviews_resort_due() == 1
    assert (lane(case), review(case).images) == ((Lane.CLEAR, []), 1)
    assert reviews_resort_due() == 0


def test_the_time_in_a_lane_counts_from_its_change() -> None:
    case = clear_case()
    came = review(case).in_lane_since
    reviews_resort([case.pk])
    assert review(case).in_lane_since == came
    factories.prediction(factories.image(case=case), scores=UNSURE)
    assert lane(case) == (Lane.READY, ["below_limit"])
    assert review(case).in_lane_since != came


def test_many_cases_take_as_many_queries_as_one() -> None:
    cases = [clear_case(pk=uuid.uuid4()).pk for _ in range(6)]
    counts = []
    for some in (cases[:1], cases):
        Review.objects.update(doubt=0.5)
        with CaptureQueriesContext(connection) as asked:
            reviews_resort(some)
        counts.append(len(asked))
    assert counts == [5, 5]
