"""The counts above the worklist are those of the queues below it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from hemaqueue.accounts.models import User
from hemaqueue.reviews.claims import case_claim
from hemaqueue.reviews.counting import lane_counts
from hemaqueue.reviews.models import Review
from hemaqueue.reviews.queue import LANES, Queue, queue_reviews, reviews_readable
from hemaqueue.reviews.referring import referral_open
from tests import factories, readings

pytestmark = pytest.mark.django_db
UNSURE = {"pro_b": 0.45, "pre_b": 0.4, "early_pre_b": 0.1, "benign": 0.05}


def counted(user: User) -> dict[str, int]:
    return lane_counts(LANES, user=user, among=reviews_readable(user))


def listed(user: User) -> dict[str, int]:
    return {lane: queue_reviews(Queue(lane=lane), user=user).count() for lane in LANES}


def case_waiting(*, unsure: bool = False) -> Review:
    image = factories.image(case=factories.CaseFactory())
    factories.prediction(image, scores=UNSURE) if unsure else factories.prediction(image)
    return Review.objects.get(case=image.case)


def test_each_lane_counts_what_it_lists() -> None:
    clara, otto = factories.clara(), factories.otto()
    late, held, read, signed, _ = (case_waiting(unsure=n % 2 == 0) for n in range(5))
    Review.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(hours=1))
    case_claim(held.case, by=clara)
    for review in (read, signed):
        readings.decision(review.case.images.get(), by=clara, choice="pre_b")
    readings.signature(signed.case, by=clara)
    assert counted(clara) == listed(clara)
    assert counted(clara)["all"] == 3
    assert {counted(clara)[lane] for lane in ("overdue", "mine", "sign", "signed")} == {1}
    assert set(counted(otto).values()) == {0}


def test_a_colleague_elsewhere_counts_what_they_were_asked() -> None:
    clara, otto = factories.clara(), factories.otto()
    asked, _other = case_waiting(), case_waiting()
    referral_open(asked.case, to=otto, note="What do you see?", by=clara)
    assert counted(otto) == listed(otto)
    assert counted(otto)["mine"] == 1


def test_nobody_s_lanes_are_empty() -> None:
    case_waiting()
    tessa = factories.tessa()
    assert set(counted(tessa).values()) == {0}
