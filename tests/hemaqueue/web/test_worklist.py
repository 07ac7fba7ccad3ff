"""The worklist: urgent first, then the most doubtful; only what one may decide about."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hemaqueue.accounts.models import User
from hemaqueue.reviews.claims import case_claim
from hemaqueue.reviews.models import Review, ReviewPolicy
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.reviews.sorting import reviews_resort_site
from hemaqueue.specimens.models import Case, SmearImage
from tests import factories, readings
from tests.hemaqueue.web.conftest import signed_in


def rows(browser: Client, **query: str):  # type: ignore[no-untyped-def]
    query = {"lane": "all"} | query
    return browser.get(reverse("worklist"), query).context["rows"]


def chips(row) -> list[str]:  # type: ignore[no-untyped-def]
    return re.findall(r'class="chip [^>]*>.*?</svg>([^<]*)</span>', row.reasons)


def sure(confidence: float) -> dict[str, float]:
    rest = (1 - confidence) / 3
    return {"pro_b": confidence, "pre_b": rest, "early_pre_b": rest, "benign": rest}


def test_urgent_cases_come_first_then_the_least_certain(clara: Client) -> None:
    for name, confidence, urgent in (
        ("sure", 0.99, False),
        ("doubt", 0.5, False),
        ("now", 0.9, True),
    ):
        case = factories.CaseFactory(accession=name, urgent=urgent)
        factories.prediction(factories.image(case=case), scores=sure(confidence))
    assert [row.accession for row in rows(clara)] == ["now", "doubt", "sure"]
    assert [row.accession for row in rows(clara, only="urgent")] == ["now"]


def test_a_row_starts_at_the_most_doubtful_image_that_nobody_read(clara: Client) -> None:
    case = factories.CaseFactory()
    factories.prediction(factories.image(case=case), scores=sure(0.98))
    doubtful = factories.image(case=case)
    factories.prediction(doubtful, scores=sure(0.61))
    (row,) = rows(clara)
    assert row.start_url.startswith(reverse("image", args=[doubtful.pk]) + "?queue=")
    assert (row.rollup, row.reader, row.act) == ("2 of 2 malignant", "", "Start")


def test_another_site_s_cases_are_not_there(otto: Client) -> None:
    factories.prediction(factories.image())
    assert rows(otto) == []
    assert "Nothing needs attention." in otto.get(reverse("worklist")).content.decode()


def test_a_decided_case_waits_to_be_signed(clara: Client) -> None:
    case = readings.case_ready(by=factories.clara())
    assert rows(clara) == []
    (row,) = rows(clara, only="sign")
    assert (row.start_url, row.act) == (reverse("case", args=[case.pk]), "To sign")
    readings.signature(case, by=factories.clara())
    assert rows(clara, only="sign") == []


def lane_case(confidence: float = 0.9, **more: object) -> Case:
    case: Case = factories.CaseFactory(**more)
    factories.prediction(factories.image(case=case), scores=sure(confidence))
    return case


def test_tiles_count_the_lanes(clara: Client) -> None:
    lane_case()
    lane_case()
    readings.case_ready(by=factories.clara())
    tiles = {tile.word: tile for tile in clara.get(reverse("worklist")).context["tiles"]}
    assert (tiles["Needs attention"].number, tiles["To sign"].number) == ("2", "1")
    assert tiles["Needs attention"].current
    assert clara.get(tiles["To sign"].url).context["rows"][0].act == "To sign"


def test_a_row_shows_three_reasons_and_how_many_more(clara: Client) -> None:
    case = factories.CaseFactory(urgent=True)
    poor = ["out_of_focus", "over_exposed", "small"]
    factories.prediction(factories.image(case=case, quality_flags=poor), flags=("uncertain",))
    (row,) = rows(clara)
    assert chips(row) == ["Urgent", "Uncertain", "Out of focus", "2"]
    shown = clara.get(reverse("worklist")).content.decode()
    assert "The picture has fewer" in shown or "fewer pixels" in shown


def test_what_another_reads_can_only_be_viewed(clara: Client) -> None:
    case = lane_case()
    case_claim(case, by=factories.person("carl", "clinician", site=case.site, last_name="K"))
    (row,) = rows(clara)
    assert (row.act, row.plain) == ("View", True)
    assert row.reader.startswith("Carl K, until ")


def test_what_i_began_is_resumed(clara: Client) -> None:
    case = lane_case()
    image = SmearImage.objects.get(case=case)
    clara.get(reverse("image", args=[image.pk]))
    (row,) = rows(clara, lane="mine")
    assert (row.act, row.reader) == ("Resume", "you")


def test_reasons_are_said_in_the_language_of_who_reads_them(clara: Client) -> None:
    case = factories.CaseFactory(urgent=True)
    factories.prediction(factories.image(case=case), scores=sure(0.99))
    said = []
    for language in ("en", "fr", "en"):
        User.objects.filter(username="clara").update(language=language)
        said.append(rows(clara)[0].reasons)
    assert said[0] == said[2] != said[1]
    assert "The bench marked" in said[0]


def test_overdue_is_red_before_the_sweep_saw_it(clara: Client) -> None:
    case = lane_case()
    late = timezone.now() - timedelta(minutes=5)
    Review.objects.filter(case=case).update(due_at=late, waiting_since=late - timedelta(hours=24))
    (row,) = rows(clara, lane="overdue")
    assert (row.late, row.age, row.limit) == (True, "24.1 h", "limit 24.0 h")
    assert chips(row)[0] == "Overdue"


def test_pages_follow_one_another_while_cases_come_in(clara: Client) -> None:
    for number in range(52):
        case = factories.CaseFactory(accession=f"BM-{number:02}")
        factories.prediction(factories.image(case=case), scores=sure(0.3 + number / 100))
    first = clara.get(reverse("worklist"))
    lane_case(0.29)
    lane_case(0.999, accession="after")
    seen = [row.accession for row in first.context["rows"]]
    second = clara.get(f"{reverse('worklist')}?{first.context['pages'].older}")
    seen += [row.accession for row in second.context["rows"]]
    assert seen == [f"BM-{number:02}" for number in range(52)] + ["after"]


def test_new_cases_are_told_of_and_rows_stay_where_they_are(clara: Client) -> None:
    lane_case()
    page = clara.get(reverse("worklist"))
    asked = {"queue": page.context["token"], "opened": page.context["opened"]}
    quiet = clara.get(reverse("worklist_counts"), asked).content.decode()
    assert "new since you opened" not in quiet
    lane_case()
    told = clara.get(reverse("worklist_counts"), asked).content.decode()
    assert "1 new since you opened" in told
    assert "<table" not in told


@pytest.mark.parametrize("asked", [{"lane": "x"}, {"site": "1"}, {"q": "\0"}, {"age": "<b>"}])
def test_a_hostile_filter_shows_nothing_and_says_so(clara: Client, asked: dict[str, str]) -> None:
    lane_case()
    answer = clara.get(reverse("worklist"), asked)
    assert (answer.status_code, answer.context["rows"]) == (200, [])
    assert "none that the worklist knows" in answer.content.decode()
    forged = {"queue": "x", "opened": "y"}
    assert clara.get(reverse("worklist_counts"), forged).status_code == 200


def test_a_blind_site_shows_no_suggestion_before_the_first_read(clara: Client) -> None:
    case = lane_case()
    by = factories.adam()
    ReviewPolicy.objects.create(site=case.site, by=by, reason="A test", blind_first_read=True)
    reviews_resort_site(case.site)
    (row,) = rows(clara, lane="ready")
    assert (row.said, row.rollup, chips(row)) == (None, "1 image", [])
    assert rows(clara, label="pro_b") == rows(clara, lane="attention") == []


def test_an_empty_lane_says_what_to_do(clara: Client) -> None:
    case = factories.CaseFactory()
    factories.prediction(factories.image(case=case), scores=sure(0.1) | {"benign": 0.7})
    shown = clara.get(reverse("worklist")).content.decode()
    assert "Nothing needs attention. 1 ready to be read." in shown
    shown = clara.get(reverse("worklist"), {"q": "nothing"}).content.decode()
    assert "Nothing matches this filter." in shown


def test_an_open_image_says_who_reads_it_and_can_be_left(clara: Client) -> None:
    case = lane_case()
    image = SmearImage.objects.get(case=case)
    carl = signed_in(factories.person("carl", "clinician", site=case.site))
    assert (
        "You read this case until" in clara.get(reverse("image", args=[image.pk])).content.decode()
    )
    shown = carl.get(reverse("image", args=[image.pk])).content.decode()
    assert "Clara Uwase reads this case until" in shown
    said = {"choice": "pro_b", "seen": review_stamp(image)}
    refused = carl.post(reverse("image_decide", args=[image.pk]), said)
    assert refused.status_code == 409
    assert "Somebody else is reading this case" in refused.content.decode()
    assert clara.post(reverse("case_release", args=[case.pk])).status_code == 302
    assert carl.post(reverse("image_decide", args=[image.pk]), said).status_code == 302


def test_taking_over_says_why(clara: Client) -> None:
    case = lane_case()
    case_claim(case, by=factories.person("carl", "clinician", site=case.site))
    address = reverse("case_claim", args=[case.pk])
    assert clara.post(address).status_code == 409
    clara.post(address, {"reason": " "})
    assert clara.post(address).status_code == 409
    assert clara.post(address, {"reason": "Carl left."}).status_code == 302
    assert clara.post(address).status_code == 204
