"""An evaluation's page: figures beside colour alone, plots, and errors."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from hemaqueue.evaluations.models import Evaluation
from tests import factories, judging

INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", re.IGNORECASE)


def page(browser: Client, evaluation: Evaluation) -> str:
    return browser.get(reverse("evaluation", args=[evaluation.pk])).content.decode()


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
    assert re.search(r"Parameters 907\D628", shown)


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
         "strangers", "explanation_sanity", "macro", "weighted", "loss", "white_cells", "cell_area",
         "scale_bar_masked")
    )  # fmt: skip
    lean["cost"] = {"parameters": 907}
    shown = page(tessa, judging.evaluation(factories.ModelVersionFactory(), **lean))
    assert "line-plot" not in shown
    assert "Parameters 907" in text(shown)
    assert "Milliseconds" not in shown
    assert "What colour alone names is not known" in text(shown)
    assert "Confusion matrix" in shown


def test_heatmaps_stand_beside_those_of_random_weights_and_of_another_stain(
    tessa: Client,
) -> None:
    version = factories.ModelVersionFactory()
    evaluation = judging.evaluation(version)
    card = tessa.get(reverse("model", args=[version.pk])).content.decode()
    for shown in (text(page(tessa, evaluation)), text(card)):
        drawn = "with its head drawn at random 3 draws, each -0.365 to 0.035"
        assert f"{drawn} -0.165 -0.265 to -0.115 24" in shown
        assert "under a mild stain shift 0.900 0.800 to 0.950 24" in shown
        assert "do not explain the version" in shown


def test_what_is_explained_by_occlusion_is_said_to_have_no_such_check(tessa: Client) -> None:
    version = factories.ModelVersionFactory()
    found = {"skipped": "occlusion"}
    shown = text(page(tessa, judging.evaluation(version, explanation_sanity=found)))
    assert "such a network is explained by covering parts" in shown
    assert "Rank correlation" not in shown


def test_a_bundle_that_was_judged_when_it_was_made_tells_of_its_heatmaps(tessa: Client) -> None:
    row = {"correlation": None, "interval": None, "n": 0, "draws": []}
    version = factories.ModelVersionFactory()
    version.facts["metrics"] = {"explanation_sanity": {"method": "cam", "redrawn": row}}
    version.save()
    shown = text(tessa.get(reverse("model", args=[version.pk])).content.decode())
    assert "all weights drawn at random – – 0" in shown


BOXES = {"n": 44, "precision": 0.98, "recall": 0.93, "f1": 0.953, "mean_iou": 0.742, "map50": 0.993}


def test_boxes_have_their_figures_and_say_who_drew_them(tessa: Client) -> None:
    version = factories.ModelVersionFactory()
    assert "Boxes of white cells" not in page(tessa, judging.evaluation(version))
    drawn = BOXES | {"truth": ["people"], "images": 40}
    shown = text(page(tessa, judging.evaluation(version, boxes=drawn)))
    assert "Boxes that people drew: 44, on 40 images." in shown
    assert "(mAP50) 0.993 Mean overlap (IoU) 0.742 Precision 98.0 % Recall 93.0 %" in shown
    made = BOXES | {"truth": ["labels", "pseudo (regions)"]}
    shown = text(page(tessa, judging.evaluation(version, boxes=made)))
    assert "Boxes held against: 44, on 60 images. Pseudo boxes are among them" in shown


def test_pictures_of_another_kind_have_their_table(tessa: Client) -> None:
    shown = text(page(tessa, judging.evaluation(factories.ModelVersionFactory())))
    assert "Drawn tissue 0.997 97.5 % 40" in shown


def test_a_small_subgroup_has_no_figures(tessa: Client) -> None:
    shown = text(page(tessa, judging.evaluation(factories.ModelVersionFactory())))
    assert "A too few 12" in shown
    assert re.search(r"B 90\.0 % \[\d+\.\d %, \d+\.\d %\] 90\.0 % 100\.0 % – 48", shown)


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
