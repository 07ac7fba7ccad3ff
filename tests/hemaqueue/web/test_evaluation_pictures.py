"""The images behind a number of an evaluation: a cell, the errors, each side, pages and file."""

from __future__ import annotations

import csv
import re

import pytest
from django.test import Client
from django.urls import reverse

from hemaqueue.evaluations.models import Evaluation
from hemaqueue.evaluations.services import evaluation_import
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.views import evaluations as views
from tests import factories, judging

KEY = re.compile(r'mono">(\w{12})<')


def page(browser: Client, evaluation: Evaluation, *, query: str = "") -> str:
    address = reverse("evaluation_pictures", args=[evaluation.pk])
    return browser.get(address + query).content.decode()


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def further(html: str) -> str:
    """Return the query of the next page; nothing on the last."""
    found = re.search(r'rel="next" href="(\?[^"]+)"', html)
    return found[1].replace("&amp;", "&") if found else ""


def test_a_cell_opens_its_images_for_who_may_see_them(tessa: Client, otto: Client) -> None:
    image = factories.image()
    rows = [judging.row(image.sha256, "benign", "pre_b"), *judging.some_rows(wrong=0)]
    evaluation = judging.evaluation(factories.ModelVersionFactory(), rows)
    figures = tessa.get(reverse("evaluation", args=[evaluation.pk])).content.decode()
    assert "?label=benign&amp;named=pre_b" in figures
    query = "?label=benign&named=pre_b"
    here = page(tessa, evaluation, query=query)
    assert reverse("image", args=[image.pk]) in here
    assert "Benign, named Pre-B" in here
    there = page(otto, evaluation, query=query)
    assert reverse("image", args=[image.pk]) not in there
    assert image.sha256[:12] in there


def of_both_sides() -> tuple[SmearImage, SmearImage, Evaluation]:
    """Return a malignant image called benign, a benign one called malignant, their evaluation."""
    missed, alarm = factories.image(), factories.image()
    rows = [
        judging.row(missed.sha256, "pre_b", "benign", sure=0.8),
        judging.row("f" * 64, "pro_b", "benign", sure=0.95),
        judging.row(alarm.sha256, "benign", "pro_b"),
        judging.row("e" * 64, "pre_b", "pro_b"),
    ]
    return missed, alarm, judging.evaluation(factories.ModelVersionFactory(), rows)


def test_each_side_of_the_threshold_has_its_errors_the_worst_first(tessa: Client) -> None:
    missed, alarm, evaluation = of_both_sides()
    every = page(tessa, evaluation)
    assert "Malignant, called benign 2 Benign, called malignant 1" in text(every)
    missing = page(tessa, evaluation, query="?side=false_negative")
    assert str(missed.pk) in missing and str(alarm.pk) not in missing
    assert missing.index("f" * 12) < missing.index(str(missed.pk))
    alarms = page(tessa, evaluation, query="?side=false_positive")
    assert str(alarm.pk) in alarms and str(missed.pk) not in alarms
    assert "<h1>Benign, called malignant</h1>" in alarms


def test_a_card_says_where_its_image_was_uploaded(tessa: Client, otto: Client) -> None:
    missed, _, evaluation = of_both_sides()
    query = "?side=false_negative"
    here = page(tessa, evaluation, query=query)
    assert f'<span class="fine quiet">{missed.site.name}</span>' in here
    there = page(otto, evaluation, query=query)
    assert missed.site.name not in there


def test_the_list_is_taken_away_as_csv_by_who_runs_the_installation(
    adam: Client, tessa: Client
) -> None:
    missed, _, evaluation = of_both_sides()
    address = reverse("evaluation_export", args=[evaluation.pk]) + "?side=false_negative"
    assert "pictures.csv?label=&amp;named=&amp;side=false_negative" in page(
        adam, evaluation, query="?side=false_negative"
    )
    assert "pictures.csv" not in page(tessa, evaluation)
    assert tessa.get(address).status_code == 404
    rows = list(csv.DictReader(adam.get(address).content.decode().splitlines()))
    assert [row["sha256"] for row in rows] == ["f" * 64, missed.sha256]
    assert [row["site"] for row in rows] == ["", missed.site.name]
    assert (rows[1]["label"], rows[1]["named"], rows[1]["called_malignant"]) == (
        "pre_b", "benign", "no",
    )  # fmt: skip


def test_a_cell_of_many_images_is_leafed_through(
    tessa: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "CELL_SHOWN", 2)
    evaluation = judging.evaluation(factories.ModelVersionFactory(), judging.some_rows(wrong=3))
    first = page(tessa, evaluation)
    assert first.count("judged-picture") == 2
    rest = page(tessa, evaluation, query=further(first))
    assert rest.count("judged-picture") == 1
    keys = set(KEY.findall(first + rest))
    assert len(keys) == 3
    assert "Pictures before" in rest


@pytest.mark.parametrize(
    ("side", "label", "named", "scores"),
    [
        ("false_negative", "pre_b", "benign", [0.4, 0.1, 0.3, 0.3, 0.3]),
        ("false_positive", "benign", "pre_b", [0.6, 0.9, 0.7, 0.7, 0.7]),
    ],
)
def test_a_side_is_leafed_through_in_its_order_and_its_file_is_whole(
    adam: Client,
    monkeypatch: pytest.MonkeyPatch,
    side: str,
    label: str,
    named: str,
    scores: list[float],
) -> None:
    monkeypatch.setattr(views, "CELL_SHOWN", 2)
    rows = [
        judging.row(str(n) * 64, label, named) | {"malignant": score}
        for n, score in enumerate(scores)
    ]
    evaluation = judging.evaluation(factories.ModelVersionFactory(), rows)
    query, pages = f"?side={side}", []
    while query:
        shown = page(adam, evaluation, query=query)
        assert "· 5 images" in text(shown)
        pages.append(KEY.findall(shown))
        query = further(shown)
    assert [len(one) for one in pages] == [2, 2, 1]
    assert (pages[0][0], pages[2][0]) == ("1" * 12, "0" * 12)
    file = adam.get(reverse("evaluation_export", args=[evaluation.pk]) + f"?side={side}")
    whole = [row["sha256"][:12] for row in csv.DictReader(file.content.decode().splitlines())]
    assert [key for one in pages for key in one] == whole


def test_a_report_without_single_images_says_so_and_not_that_there_were_no_errors(
    tessa: Client,
) -> None:
    version = factories.ModelVersionFactory()
    report = judging.report(version)
    del report["pictures"]
    shown = page(tessa, evaluation_import(report, by=None))
    assert "This report has no rows for single images." in shown
    assert "There are no images here." not in shown
