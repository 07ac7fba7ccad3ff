"""The queue: lanes and filters in one stable order, whatever is asked."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from hemaqueue.accounts.models import User
from hemaqueue.reviews.claims import case_claim
from hemaqueue.reviews.models import Referral, Review
from hemaqueue.reviews.queue import (
    LANES,
    Queue,
    UnknownFilter,
    queue_reviews,
)
from hemaqueue.reviews.queue_places import Position, queue_neighbours, queue_position
from hemaqueue.specimens.models import Case, SmearImage
from tests import factories, readings

pytestmark = pytest.mark.django_db

BENIGN = {"benign": 0.97, "early_pre_b": 0.01, "pre_b": 0.01, "pro_b": 0.01}


def scores(confidence: float) -> dict[str, float]:
    rest = (1 - confidence) / 3
    return {"pro_b": confidence, "pre_b": rest, "early_pre_b": rest, "benign": rest}


def made(accession: str, confidence: float = 0.9, **more: object) -> Case:
    case: Case = factories.CaseFactory(accession=accession, **more)
    factories.prediction(factories.image(case=case), scores=scores(confidence))
    return case


def names(user: User, **asked: str) -> list[str]:
    found = queue_reviews(Queue.read(asked), user=user).select_related("case")
    return [review.case.accession for review in found]


def review(case: Case) -> Review:
    return Review.objects.get(case=case)


def test_the_usual_order_is_urgent_then_least_certain(clara: User) -> None:
    made("sure", 0.99)
    made("doubt", 0.5)
    made("now", 0.9, urgent=True)
    assert names(clara) == ["now", "doubt", "sure"]
    assert names(clara, order="oldest") == ["sure", "doubt", "now"]
    assert names(clara, order="newest") == ["now", "doubt", "sure"]
    assert names(clara, order="doubt") == ["doubt", "now", "sure"]


def test_every_lane_shows_its_own(clara: User, tessa: User) -> None:
    made("grave")
    clear = factories.CaseFactory(pk="00000000-0000-0000-0000-000000000001", accession="clear")
    factories.prediction(factories.image(case=clear), scores=BENIGN)
    ready = factories.CaseFactory(accession="ready")
    factories.prediction(factories.image(case=ready), scores=scores(0.1) | {"benign": 0.7})
    readings.case_ready(by=clara, accession="to sign")
    readings.signature(readings.case_ready(by=clara, accession="signed"), by=clara)
    for lane in ("clear", "ready", "signed"):
        assert names(clara, lane=lane) == [lane]
    assert names(clara, lane="attention") == ["grave"]
    assert names(clara, lane="sign") == ["to sign"]
    assert sorted(names(clara, lane="all")) == ["clear", "grave", "ready"]
    assert names(clara, lane="returned") == names(clara, lane="overdue") == []
    assert names(tessa, lane="all") == []


def test_mine_is_what_i_hold_began_or_was_asked_about(clara: User) -> None:
    held, asked, _other = made("held"), made("asked"), made("other")
    case_claim(held, by=clara)
    carl = factories.person("carl", "clinician", site=held.site)
    Referral.objects.create(review=review(asked), by=carl, to=clara)
    assert sorted(names(clara, lane="mine")) == ["asked", "held"]
    assert names(carl, lane="mine") == []


def test_overdue_shows_by_the_clock(clara: User) -> None:
    late = made("late")
    Review.objects.filter(case=late).update(due_at=timezone.now() - timedelta(minutes=1))
    made("early")
    assert names(clara, lane="overdue") == names(clara, reason="overdue") == ["late"]


def test_filters_narrow(clara: User) -> None:
    case = made("BM-1", patient="P-77")
    made("BM-2", urgent=True)
    site = str(case.site_id)
    assert names(clara, q="bm-1") == names(clara, q="p-77") == ["BM-1"]
    assert names(clara, reason="urgent") == ["BM-2"]
    assert names(clara, label="pre_b") == []
    assert len(names(clara, label="pro_b", site=site, specimen="marrow")) == 2
    assert names(clara, specimen="blood") == []
    assert len(names(clara, stain="WRIGHT-giemsa")) == 2
    assert names(clara, age="4") == []
    Review.objects.filter(case=case).update(waiting_since=timezone.now() - timedelta(hours=5))
    assert names(clara, age="4") == ["BM-1"]


@pytest.mark.parametrize(
    "asked",
    [
        {"lane": "everything"},
        {"site": "' OR 1=1 --"},
        {"specimen": "urine"},
        {"label": "__all__"},
        {"reason": "case__patient"},
        {"age": "-1"},
        {"order": "password"},
        {"q": "x" * 65},
        {"q": "a\0b"},
        {"stain": "\0"},
    ],
    ids=str,
)
def test_a_filter_that_means_nothing_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(UnknownFilter):
        Queue.read(asked)


@pytest.mark.parametrize("text", ["%", "_", "\\", "'; DROP TABLE", "<script>", "日本"])
def test_what_is_searched_for_is_only_text(clara: User, text: str) -> None:
    made("BM-1")
    assert names(clara, q=text, stain=text) == []


def test_names_that_are_none_of_ours_are_left_alone() -> None:
    assert Queue.read({"after": "x", "utm": "y"}) == Queue()


def test_a_site_where_i_do_not_read_is_empty(clara: User, otto: User) -> None:
    case = made("BM-1")
    assert names(otto, site=str(case.site_id)) == names(otto) == []
    assert names(clara, site=str(uuid4())) == []


def test_a_queue_travels_signed_and_unread() -> None:
    queue = Queue(lane="all", q="BM-1", order="oldest")
    assert "BM-1" not in queue.token
    assert Queue.opened(queue.token) == queue
    assert Queue.opened(queue.token + "x") is None
    assert Queue.opened("") is None


def test_neighbours_follow_the_reader_s_own_order(clara: User) -> None:
    cases = [made(f"BM-{number}", 0.5 + number / 10) for number in range(4)]
    queue = Queue()
    before, after = queue_neighbours(review(cases[1]), queue, user=clara)
    assert (before, after) == (review(cases[0]), review(cases[2]))
    before, after = queue_neighbours(review(cases[1]), Queue(order="newest"), user=clara)
    assert (before, after) == (review(cases[2]), review(cases[0]))
    assert queue_neighbours(review(cases[3]), queue, user=clara)[1] is None


def test_what_somebody_else_reads_is_passed_over(clara: User) -> None:
    cases = [made(f"BM-{number}", 0.5 + number / 10) for number in range(3)]
    carl = factories.person("carl", "clinician", site=cases[0].site)
    case_claim(cases[1], by=carl)
    assert queue_neighbours(review(cases[0]), Queue(), user=clara)[1] == review(cases[2])
    assert queue_neighbours(review(cases[0]), Queue(), user=carl)[1] == review(cases[1])


def test_a_decided_case_still_knows_what_comes_next(clara: User) -> None:
    cases = [made(f"BM-{number}", 0.5 + number / 10) for number in range(3)]
    readings.decision(SmearImage.objects.get(case=cases[1]), by=clara, choice="pro_b")
    assert queue_neighbours(review(cases[1]), Queue(), user=clara) == (
        review(cases[0]),
        review(cases[2]),
    )
    assert queue_position(review(cases[1]), Queue(), user=clara) is None


def test_a_case_knows_its_place(clara: User) -> None:
    cases = [made(f"BM-{number}", 0.5 + number / 10) for number in range(3)]
    assert queue_position(review(cases[1]), Queue(), user=clara) == Position(2, 3)


@pytest.mark.parametrize("lane", LANES)
def test_every_lane_has_a_stable_order(lane: str) -> None:
    assert Queue(lane=lane).fields[-1].lstrip("-") == "id"
