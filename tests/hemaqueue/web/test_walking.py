"""Working through a queue: the review screen follows the filters that its reader chose."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hemaqueue.reviews.claims import case_claim, claim_standing
from hemaqueue.reviews.models import Decision
from hemaqueue.reviews.queue import Queue
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.specimens.models import Case, SmearImage
from hemaqueue.web.shown.lanes import address
from tests import factories

NEWEST = Queue(lane="all", order="newest")


def made(name: str, confidence: float = 0.6, **more: object) -> SmearImage:
    rest = (1 - confidence) / 3
    scores = {"pro_b": confidence, "pre_b": rest, "early_pre_b": rest, "benign": rest}
    image = factories.image(case=factories.CaseFactory(accession=name, **more))
    factories.prediction(image, scores=scores)
    return image


@pytest.fixture
def three(db: None) -> list[SmearImage]:
    """Three cases of one image; in the order of work they stand as they are numbered."""
    return [made(f"BM-{number}", 0.6 + number / 10) for number in range(3)]


def url(image: SmearImage, queue: Queue | None = None, *, name: str = "image") -> str:
    path = reverse(name, args=[image.pk])
    return f"{path}?queue={queue.token}" if queue else path


def decide(
    browser: Client, image: SmearImage, queue: Queue | None, *, script: bool = False
) -> HttpResponse:
    body = {"choice": "pro_b", "seen": review_stamp(image)}
    headers = {"HX-Request": "true"} if script else {}
    return browser.post(url(image, queue, name="image_decide"), body, headers=headers)


def path(address: str) -> str:
    return address.partition("?")[0]


def test_the_next_case_is_that_of_the_readers_own_order(
    clara: Client, three: list[SmearImage]
) -> None:
    first, second, third = three
    assert path(decide(clara, third, NEWEST)["Location"]) == url(second)
    assert path(decide(clara, second, None)["Location"]) == url(first)


def test_the_queue_goes_along_through_a_mornings_work(
    clara: Client, three: list[SmearImage]
) -> None:
    start = clara.get(reverse("worklist"), {"lane": "all", "order": "newest"}).context["rows"][0]
    shown = clara.get(start.start_url).context["result"]
    seen = []
    for _ in three:
        seen.append(shown.image)
        body = {"choice": "pro_b", "seen": review_stamp(shown.image)}
        went = clara.post(shown.panel.url, body)
        if went["Location"].startswith(reverse("worklist")):
            break
        shown = clara.get(went["Location"]).context["result"]
    assert seen == three[::-1]
    assert went["Location"] == address(NEWEST)
    told = clara.get(went["Location"]).content.decode()
    assert "Nothing else is left to read in this queue." in told


def test_a_script_is_led_on_and_back_to_the_worklist(clara: Client) -> None:
    one, two = made("BM-1"), made("BM-2", 0.8)
    queue = Queue(lane="all")
    shown = decide(clara, one, queue, script=True)
    assert shown.context["result"].image == two
    assert shown.context["result"].url.startswith(url(two) + "?queue=")
    done = decide(clara, two, queue, script=True)
    assert (done.status_code, done["HX-Redirect"]) == (200, address(queue))


def test_what_another_reads_and_what_the_filter_leaves_out_is_passed_over(
    clara: Client, three: list[SmearImage]
) -> None:
    first, second, third = three
    case_claim(second.case, by=factories.person("carl", "clinician", site=second.site))
    assert path(decide(clara, first, Queue(lane="all"))["Location"]) == url(third)
    urgent = made("NOW", urgent=True)
    only = Queue(lane="all", reason="urgent")
    assert decide(clara, urgent, only)["Location"] == address(only)


def test_after_the_last_case_comes_the_first_that_was_left(
    clara: Client, three: list[SmearImage]
) -> None:
    first, _, third = three
    assert path(decide(clara, third, Queue(lane="all"))["Location"]) == url(first)


def test_the_least_certain_image_of_the_next_case_opens(clara: Client) -> None:
    here = made("BM-1", 0.4)
    case: Case = factories.CaseFactory(accession="BM-2")
    sure, doubtful = factories.image(case=case), factories.image(case=case)
    for image, top in ((sure, 0.97), (doubtful, 0.7)):
        rest = (1 - top) / 3
        scores = {"pro_b": top, "pre_b": rest, "early_pre_b": rest, "benign": rest}
        factories.prediction(image, scores=scores)
    assert path(decide(clara, here, Queue(lane="all"))["Location"]) == url(doubtful)


def test_the_page_says_where_one_is_and_turns_to_the_cases_beside(
    clara: Client, three: list[SmearImage]
) -> None:
    first, second, third = three
    answer = clara.get(url(second, Queue()))
    beside = answer.context["result"].beside
    assert (beside.queue.lane, beside.queue.words) == ("Needs attention", "2 of 3")
    assert (path(beside.previous), path(beside.next)) == (url(first), url(third))
    assert "Needs attention · 2 of 3" in answer.content.decode()
    without = clara.get(url(second)).context["result"].beside
    assert (without.queue, without.previous, without.next) == (None, "", "")


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "'; --"])
def test_a_forged_queue_is_as_good_as_none(
    clara: Client, three: list[SmearImage], token: str
) -> None:
    first, _second, third = three
    shown = clara.get(url(third), {"queue": token})
    assert shown.status_code == 200
    assert shown.context["result"].panel.url == url(third, name="image_decide")
    assert shown.context["result"].beside.queue is None
    assert decide(clara, third, None)["Location"] == url(first)


def test_taking_back_stays_in_the_queue(clara: Client, three: list[SmearImage]) -> None:
    shown = decide(clara, three[2], NEWEST, script=True).context["result"]
    back = clara.post(shown.undo.url, {"stamp": shown.undo.stamp})
    assert not Decision.objects.exists()
    assert path(back["Location"]) == url(three[2])
    again = clara.get(back["Location"]).context["result"]
    assert path(again.beside.onward) == url(three[1])


def test_a_refused_decision_stays_in_the_queue(clara: Client, three: list[SmearImage]) -> None:
    refused = clara.post(url(three[0], NEWEST, name="image_decide"), {"choice": "pro_b"})
    assert refused.status_code == 409
    assert "?queue=" in refused.context["result"].panel.url


def test_leaving_lets_go_and_returns_to_the_same_filters(
    clara: Client, three: list[SmearImage]
) -> None:
    queue = Queue(lane="all", specimen="marrow", order="oldest")
    answer = clara.get(url(three[0], queue))
    assert claim_standing(three[0].case) is not None
    leave = answer.context["result"].leave_url
    assert leave == address(queue)
    left = clara.post(answer.context["claim"].release_url, {"next": leave})
    assert left["Location"] == address(queue)
    assert claim_standing(three[0].case) is None
    assert 'data-press="escape"' in answer.content.decode()


def test_a_long_queue_costs_no_more_than_a_short_one(
    clara: Client, three: list[SmearImage]
) -> None:
    counts = []
    for more in (0, 6):
        for number in range(more):
            made(f"MORE-{number}", 0.6 + number / 100)
        clara.get(url(three[1], Queue()))
        with CaptureQueriesContext(connection) as asked:
            clara.get(url(three[1], Queue()))
        counts.append(len(asked))
    with CaptureQueriesContext(connection) as plain:
        clara.get(url(three[1]))
    assert counts[0] == counts[1]
    assert counts[0] - len(plain) <= 14
