"""An evaluation's page: figures beside colour alone, plots, and the images behind a number."""

from __future__ import annotations

import csv
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hemaqueue.evaluations.models import Evaluation
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.views import evaluations as views
from tests import factories, judging

INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", re.IGNORECASE)


def page(
    browser: Client, evaluation: Evaluation, *, name: str = "evaluation", query: str = ""
) -> str:
    return browser.get(reverse(name, args=[evaluation.pk]) + query).content.decode()


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_every_accuracy_stands_beside_colour_alone(tessa: Client) -> None:
    evaluation = judging.evaluation(factories.ModelVersionFactory())
    shown = page(tessa, evaluation)
    assert "Accuracy 95.0 % 80.0 % 90.0 % to 98.0 % 60" in text(shown)
    assert "Accuracy in grey-scale 90.0 % 20.0 % – 60" in text(shown)
    assert "60 images · field-disjoint" in text(shown)
    assert "What colour alone names is not known" not in text(shown)
    assert not INLINE.findall(shown)


def test_averages_cost_and_what_is_left_have_their_rows(tessa: Client) -> None:
    version = factories.ModelVersionFactory()
    intervals = {"accuracy": [0.9, 0.98], "macro_precision": [0.92, 0.97],
                 "malignant_f1": [0.951, 0.982]}  # fmt: skip
    shown = text(page(tessa, judging.evaluation(version, intervals=intervals, disturbed=40)))
    for row in (
        "Accuracy, malignant or benign 95.0 % – – 60",
        "Precision, malignant 94.0 % – – 48",
        "Mean precision of the classes 95.1 % – 92.0 % to 97.0 % 60",
        "Precision, weighted by class size 95.2 %",
        "F1, weighted by class size 0.953",
        "F1, malignant 0.970 – 0.951 to 0.982 60",
        "Log-loss 0.123",
        "Accuracy, stain shifted, strength 1 95.0 % 60.0 % 91.0 % to 97.0 % 40",
        "Accuracy with the white cells painted over 30.0 %",
        "Accuracy with the white cells alone 88.0 %",
        "Area below the ROC curve, by the cell's size alone 0.935",
        "(chance: half) 61.0 % – – 169",
        "Named otherwise with the scale bar painted over 5.0 % – – 40",
        "Milliseconds an image, one by one 5.3",
        "Milliseconds an image, in batches of 32 2.1",
    ):
        assert row in shown.replace("&#x27;", "'"), row
    assert re.search(r"Parameters 907\D?628", shown)


def test_each_class_has_its_loss_of_recall_and_the_gate_its_verdict(tessa: Client) -> None:
    version = factories.ModelVersionFactory()
    mild = {"accuracy": 0.9, "recall_drop": {"pro_b": 0.04}}
    worse = {"accuracy": 0.8, "recall_drop": {"benign": 0.123, "pro_b": None}}
    disturbed = {"blur": [mild, worse], "jpeg": [worse]}
    shown = text(page(tessa, judging.evaluation(version, robustness=disturbed)))
    assert "Blur mild 90.0 % – – – 4.0 reached medium 80.0 % 12.3 – – – –" in shown
    assert "JPEG mild 80.0 % 12.3 – – – not reached" in shown
    assert "The gate reads accuracy at the mild strength: at least 85.0 % for each." in shown


def test_the_plots_are_drawn_with_their_values(tessa: Client) -> None:
    shown = page(tessa, judging.evaluation(factories.ModelVersionFactory()))
    for name in ("roc", "precision-recall", "reliability", "sweep", "coverage"):
        assert f'id="{name}-title"' in shown
    assert shown.count("<polyline") >= 9
    assert "in force: 0.500" in shown
    assert "says uncertain below 0.60" in shown


def test_what_was_not_measured_is_not_drawn(tessa: Client) -> None:
    lean: dict[str, Any] = dict.fromkeys(
        ("roc", "precision_recall", "threshold_sweep", "reliability", "risk_by_coverage",
         "robustness", "subgroups", "grey_scale", "stain_shift", "colour_only_baseline",
         "strangers", "macro", "weighted", "loss", "white_cells", "cell_area",
         "scale_bar_masked")
    )  # fmt: skip
    lean["cost"] = {"parameters": 907}
    shown = page(tessa, judging.evaluation(factories.ModelVersionFactory(), **lean))
    assert "line-plot" not in shown
    assert "Parameters 907" in text(shown)
    assert "Milliseconds" not in shown
    assert "What colour alone names is not known" in text(shown)
    assert "Confusion matrix" in shown


def test_pictures_of_another_kind_have_their_table(tessa: Client) -> None:
    shown = text(page(tessa, judging.evaluation(factories.ModelVersionFactory())))
    assert "Drawn tissue 0.997 97.5 % 40" in shown


def test_a_small_subgroup_has_no_figures(tessa: Client) -> None:
    shown = text(page(tessa, judging.evaluation(factories.ModelVersionFactory())))
    assert "A too few 12" in shown
    assert re.search(r"B 90\.0 % \[\d+\.\d %, \d+\.\d %\] 90\.0 % 100\.0 % – 48", shown)


def test_a_cell_opens_its_images_for_who_may_see_them(tessa: Client, otto: Client) -> None:
    image = factories.image()
    rows = [judging.row(image.sha256, "benign", "pre_b"), *judging.some_rows(wrong=0)]
    evaluation = judging.evaluation(factories.ModelVersionFactory(), rows)
    assert "?label=benign&amp;named=pre_b" in page(tessa, evaluation)
    query = "?label=benign&named=pre_b"
    here = page(tessa, evaluation, name="evaluation_pictures", query=query)
    assert reverse("image", args=[image.pk]) in here
    assert "Benign, named Pre-B" in here
    there = page(otto, evaluation, name="evaluation_pictures", query=query)
    assert reverse("image", args=[image.pk]) not in there
    assert image.sha256[:12] in there


def test_errors_come_with_heatmaps_the_surest_first(tessa: Client) -> None:
    images = [factories.image() for _ in range(2)]
    rows = [judging.row(one.sha256, "benign", "pro_b", sure=sure)
            for one, sure in zip(images, (0.6, 0.95), strict=True)]  # fmt: skip
    evaluation = judging.evaluation(factories.ModelVersionFactory(), rows)
    shown = page(tessa, evaluation)
    places = [shown.index(str(one.pk)) for one in images]
    assert places[1] < places[0]
    heat = reverse("evaluated_heatmap", args=[evaluation.pictures.first().pk])
    assert heat in shown
    assert tessa.get(heat).content.startswith(b"\x89PNG")


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
    every = page(tessa, evaluation, name="evaluation_pictures")
    assert "Malignant, called benign 2 Benign, called malignant 1" in text(every)
    missing = page(tessa, evaluation, name="evaluation_pictures", query="?side=false_negative")
    assert str(missed.pk) in missing and str(alarm.pk) not in missing
    assert missing.index("f" * 12) < missing.index(str(missed.pk))
    alarms = page(tessa, evaluation, name="evaluation_pictures", query="?side=false_positive")
    assert str(alarm.pk) in alarms and str(missed.pk) not in alarms
    assert "<h1>Benign, called malignant</h1>" in alarms


def test_a_card_says_where_its_image_was_uploaded(tessa: Client, otto: Client) -> None:
    missed, _, evaluation = of_both_sides()
    query = "?side=false_negative"
    here = page(tessa, evaluation, name="evaluation_pictures", query=query)
    assert f'<span class="fine quiet">{missed.site.name}</span>' in here
    there = page(otto, evaluation, name="evaluation_pictures", query=query)
    assert missed.site.name not in there


def test_the_list_is_taken_away_as_csv_by_who_runs_the_installation(
    adam: Client, tessa: Client
) -> None:
    missed, _, evaluation = of_both_sides()
    address = reverse("evaluation_export", args=[evaluation.pk]) + "?side=false_negative"
    assert "pictures.csv?label=&amp;named=&amp;side=false_negative" in page(
        adam, evaluation, name="evaluation_pictures", query="?side=false_negative"
    )
    assert "pictures.csv" not in page(tessa, evaluation, name="evaluation_pictures")
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
    first = page(tessa, evaluation, name="evaluation_pictures")
    assert first.count("judged-picture") == 2
    further = re.search(r'rel="next" href="(\?[^"]+)"', first)
    assert further
    query = further[1].replace("&amp;", "&")
    rest = page(tessa, evaluation, name="evaluation_pictures", query=query)
    assert rest.count("judged-picture") == 1
    keys = set(re.findall(r"mono\">(\w{12})<", first + rest))
    assert len(keys) == 3
    assert "Pictures before" in rest


@pytest.mark.parametrize(
    ("side", "label", "named"),
    [("false_negative", "pre_b", "benign"), ("false_positive", "benign", "pre_b")],
)
def test_a_side_of_many_images_is_leafed_through_and_its_file_is_whole(
    adam: Client, monkeypatch: pytest.MonkeyPatch, side: str, label: str, named: str
) -> None:
    monkeypatch.setattr(views, "CELL_SHOWN", 2)
    sure = [0.7, 0.95, 0.8, 0.8, 0.8]
    rows = [judging.row(f"{n}" * 64, label, named, sure=one) for n, one in enumerate(sure)]
    evaluation = judging.evaluation(factories.ModelVersionFactory(), rows)
    address = reverse("evaluation_export", args=[evaluation.pk]) + f"?side={side}"
    lines = list(csv.DictReader(adam.get(address).content.decode().splitlines()))
    query, pages = f"?side={side}", []
    for _ in range(3):
        shown = page(adam, evaluation, name="evaluation_pictures", query=query)
        assert "· 5 images" in text(shown)
        pages.append(re.findall(r"mono\">(\w{12})<", shown))
        further = re.search(r'rel="next" href="(\?[^"]+)"', shown)
        query = further[1].replace("&amp;", "&") if further else ""
    assert not query
    assert [len(one) for one in pages] == [2, 2, 1]
    assert [key for one in pages for key in one] == [line["sha256"][:12] for line in lines]
    assert (pages[0][0], pages[2][0]) == ("1" * 12, "0" * 12)


def test_who_reads_blind_opens_nothing_before_their_own_read(clara: Client) -> None:
    from tests import readings

    image = factories.image()
    evaluation = judging.evaluation(
        factories.ModelVersionFactory(), [judging.row(image.sha256, "benign", "pro_b")]
    )
    assert str(image.pk) in page(clara, evaluation)
    readings.reads_blind(image.site)
    assert str(image.pk) not in page(clara, evaluation)


def test_a_models_page_lists_what_it_scored(tessa: Client) -> None:
    version = factories.ModelVersionFactory()
    evaluation = judging.evaluation(version)
    shown = tessa.get(reverse("model", args=[version.pk])).content.decode()
    assert reverse("evaluation", args=[evaluation.pk]) in shown
    assert "Every evaluation is kept" in shown
    assert reverse("model", args=[version.pk]) in tessa.get(reverse("models")).content.decode()
