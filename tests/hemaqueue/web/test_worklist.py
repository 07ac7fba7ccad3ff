"""The worklist: urgent first, then the most doubtful; only what one may decide about."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from tests import factories, readings


def rows(browser: Client, **query: str):  # type: ignore[no-untyped-def]
    return browser.get(reverse("worklist"), query).context["rows"]


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
    assert row.start_url == reverse("image", args=[doubtful.pk])
    assert (row.rollup, row.read, row.act) == ("2 of 2 malignant", "0 of 2", "Start")


def test_another_site_s_cases_are_not_there(otto: Client) -> None:
    factories.prediction(factories.image())
    assert rows(otto) == []
    assert "Nothing waits to be read." in otto.get(reverse("worklist")).content.decode()


def test_a_decided_case_waits_to_be_signed(clara: Client) -> None:
    case = readings.case_ready(by=factories.clara())
    assert rows(clara) == []
    (row,) = rows(clara, only="sign")
    assert (row.start_url, row.act) == (reverse("case", args=[case.pk]), "To sign")
    readings.signature(case, by=factories.clara())
    assert rows(clara, only="sign") == []
