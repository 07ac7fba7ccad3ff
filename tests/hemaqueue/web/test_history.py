"""The history: filters in the query string, keyset pages, nothing of other sites."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.jobs.states import JobState
from hemaqueue.predictions.selectors import band_limits, confidence_word
from hemaqueue.specimens.models import SmearImage
from tests import factories, readings


def found(browser: Client, **query: str) -> list[str]:
    rows = browser.get(reverse("history"), query).context["rows"]
    return [row.name for row in rows]


@pytest.fixture
def images(db: None) -> dict[str, SmearImage]:
    """One image each: benign, doubtful, failed, waiting; their accessions are their names."""
    made = {
        name: factories.image(case=factories.CaseFactory(accession=name))
        for name in ("benign", "doubtful", "failed", "waiting")
    }
    scores = {"benign": 0.97, "pre_b": 0.01, "pro_b": 0.01, "early_pre_b": 0.01}
    factories.prediction(made["benign"], scores=scores)
    factories.prediction(made["doubtful"], flags=("out_of_distribution",))
    factories.job(about=made["failed"], state=JobState.FAILED)
    factories.job(about=made["waiting"])
    return made


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, {"benign", "doubtful", "failed", "waiting"}),
        ({"q": "BEN"}, {"benign"}),
        ({"label": "early_pre_b"}, {"doubtful"}),
        ({"flag": "out_of_distribution"}, {"doubtful"}),
        ({"status": "failed"}, {"failed"}),
        ({"status": "waiting"}, {"waiting"}),
        ({"status": "done"}, {"benign", "doubtful"}),
        ({"status": "read"}, set()),
        ({"since": "2100-01-01"}, set()),
        ({"until": "2100-01-01"}, {"benign", "doubtful", "failed", "waiting"}),
        ({"q": "'; DROP TABLE specimens_case; --"}, set()),
        ({"since": "31 February"}, set()),
        ({"label": "nonsense"}, set()),
        ({"band": "high"}, {"benign", "doubtful"}),
        ({"band": "low"}, set()),
        ({"band": "high", "label": "benign"}, {"benign"}),
        ({"model": "smearnet-synthetic-1"}, {"benign", "doubtful"}),
        ({"model": "no-such-model"}, set()),
        ({"reader": "00000000-0000-4000-8000-000000000000"}, set()),
        ({"status": "returned"}, set()),
        ({"status": "signed"}, set()),
    ],
)
def test_a_filter_gives_what_it_says(
    query: dict[str, str], names: set[str], clara: Client, images: dict[str, SmearImage]
) -> None:
    assert set(found(clara, **query)) == names


def test_pages_hold_fifty_and_lead_both_ways(clara: Client) -> None:
    case = factories.CaseFactory()
    for _ in range(55):
        factories.image(case=case)
    first = clara.get(reverse("history"))
    assert len(first.context["rows"]) == 50
    older = clara.get(f"{reverse('history')}?{first.context['pages'].older}")
    assert len(older.context["rows"]) == 5
    assert not older.context["pages"].older
    back = clara.get(f"{reverse('history')}?{older.context['pages'].newer}")
    assert [row.id for row in back.context["rows"]] == [row.id for row in first.context["rows"]]


def test_a_page_keeps_its_filter(clara: Client) -> None:
    case = factories.CaseFactory(accession="KEEP-1")
    for _ in range(51):
        factories.image(case=case)
    pages = clara.get(reverse("history"), {"q": "KEEP"}).context["pages"]
    assert "q=KEEP" in pages.older


def test_a_made_up_cursor_gives_the_first_page(clara: Client, images: object) -> None:
    assert len(found(clara, after="made.up:cursor")) == 4


def test_an_empty_history_says_so(clara: Client) -> None:
    assert "No images yet." in clara.get(reverse("history")).content.decode()


def test_an_empty_answer_offers_to_clear_the_filter(clara: Client) -> None:
    shown = clara.get(reverse("history"), {"q": "nothing"}).content.decode()
    assert "Nothing matches this filter." in shown
    assert "Clear the filter" in shown


def test_what_a_reader_read_is_found_by_their_name(
    clara: Client, images: dict[str, SmearImage]
) -> None:
    reader = User.objects.get(username="clara")
    case = readings.case_ready(by=reader)
    readings.signature(case, by=reader)
    assert found(clara, reader=str(reader.pk)) == [case.accession] * case.images.count()
    assert set(found(clara, status="signed")) == {case.accession}


def test_a_day_ends_at_midnight(clara: Client) -> None:
    image = factories.image(case=factories.CaseFactory(accession="LATE"))
    late = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)
    SmearImage.objects.filter(pk=image.pk).update(uploaded_at=late)
    assert found(clara, since="2026-03-01", until="2026-03-01") == ["LATE"]
    assert found(clara, since="2026-03-02") == []


@pytest.mark.parametrize(("word", "limits"), [("low", (0, 0.7)), ("moderate", (0.7, 0.9))])
def test_a_band_ends_where_the_next_begins(word: str, limits: tuple[float, float]) -> None:
    assert band_limits(word) == limits
    assert confidence_word(limits[1]) != word == confidence_word(limits[0])
