"""Boxes: YOLO labels, agreement, and targets that move with their picture."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from inference_worker.engine import Engine
from inference_worker.marking import marked
from tests.inference_worker.making import small_bundle
from tests.training_worker.drawing import draw
from training_worker.augmentation import Recipe, varied
from training_worker.box_figures import drawn_figures
from training_worker.boxes import (
    BadLabel,
    average_precision,
    box_metrics,
    label_of,
    read_yolo,
    write_yolo,
)
from training_worker.losses import boxes_loss
from training_worker.machine import machine
from training_worker.targets import moved
from training_worker.voc import BadAnnotation, read_voc

BOXES = np.array([[0.1, 0.2, 0.4, 0.6], [0.5, 0.5, 1.0, 0.9]])
CALM = Recipe(stain_share=0, colour_share=0, grey_share=0, blur_share=0, noise_share=0)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_yolo(tmp_path / "one.txt", BOXES)
    np.testing.assert_allclose(read_yolo(tmp_path / "one.txt"), BOXES, atol=1e-5)


def test_a_line_that_is_no_box_is_named(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("0 0.5 0.5 0.1 0.1\n0 1.5 0.5 0.1\n")
    with pytest.raises(BadLabel, match="Line 2"):
        read_yolo(tmp_path / "one.txt")


def test_agreement_counts_each_box_once() -> None:
    said = np.column_stack([np.ones(3), np.vstack([BOXES[:1], BOXES[:1], [[0, 0, 0.1, 0.1]]])])
    found = box_metrics([BOXES], [said])
    assert (found["precision"], found["recall"]) == (pytest.approx(1 / 3), 0.5)
    assert found["mean_iou"] == pytest.approx(0.5)
    assert box_metrics([BOXES], [said[:0]])["f1"] == 0


@pytest.mark.parametrize("seed", range(6))
def test_boxes_and_outlines_move_with_the_picture(seed: int) -> None:
    picture = np.zeros((80, 80, 3), np.uint8)
    cv2.circle(picture, (30, 44), 8, (255, 255, 255), -1)
    outline = np.uint8(picture[..., 0] > 0)
    made, matrix = varied(picture, CALM, np.random.default_rng(seed))
    rows, columns = np.nonzero(made[..., 0] > 127)
    box = np.float32([[1, 30.5 / 80, 44.5 / 80, 17 / 80, 17 / 80]])
    _, x, y, *_ = moved(box, matrix, size=80)[0]
    assert x * 80 == pytest.approx(columns.mean() + 0.5, abs=1)
    assert y * 80 == pytest.approx(rows.mean() + 0.5, abs=1)
    assert np.mean((moved(outline, matrix, size=80) > 0) != (made[..., 0] > 127)) < 0.02


def test_a_box_that_leaves_the_picture_is_gone() -> None:
    away = np.array([[1.0, 0, 200], [0, 1, 0], [0, 0, 1]])
    assert not moved(np.float32([[1, 0.5, 0.5, 0.2, 0.2]]), away, size=80).any()


def test_of_some_pictures_with_boxes_those_alone_are_judged(tmp_path: Path) -> None:
    engine = Engine(small_bundle(tmp_path, network="regions"))
    inputs = np.stack([cv2.resize(draw(kind, seed=0), (160, 160)) for kind in (1, 2, 3)])
    (_, *said), *_ = marked(engine.model, inputs[1:2])[0]
    left, top, right, bottom = said
    drawn = ((left + right) / 2, (top + bottom) / 2, right - left, bottom - top)
    found = drawn_figures(engine, inputs, [(), (drawn,), ()])["boxes"]
    assert (found["truth"], found["images"], found["n"]) == (["people"], 1, 1)
    assert (found["mean_iou"], found["recall"]) == (pytest.approx(1), 1)
    assert drawn_figures(engine, inputs, [(), (), ()]) == {}
    blind = Engine(small_bundle(tmp_path / "other", network="cnn4"))
    assert drawn_figures(blind, inputs, [(), (drawn,), ()]) == {}


def asked_of(*places: tuple[int, int], width: float) -> float:
    """Return the loss where one cell lies in (4, 4) and these places of the map are sure of it."""
    said = np.full((1, 10, 10, 5), -6, np.float32)
    said[..., 1:] = np.log([1, 1, width / (1 - width), 0.4 / 0.6])
    for place in places:
        said[0][place][0] = 6
    target = np.zeros((1, 3, 5), np.float32)
    target[0, 0] = (1, 0.45, 0.45, 0.4, 0.4)
    return float(boxes_loss(said, np.zeros((1, 4)), target))


def test_the_loss_of_boxes_asks_for_the_centre_and_for_overlap() -> None:
    right = asked_of((4, 4), width=0.4)
    assert right == pytest.approx(0, abs=0.01)
    assert asked_of((4, 4), width=0.2) > right + 1, "half of the box is missing"
    beside, away = (asked_of((4, 4), place, width=0.4) for place in ((4, 5), (9, 9)))
    assert right < beside < away - 1, "a neighbour of the centre is hardly wrong"


def test_the_machine_uses_only_what_it_kept() -> None:
    random = np.random.default_rng(0)
    labels = np.arange(120) % 3
    features = np.column_stack([np.eye(3)[labels] * 4, np.zeros((120, 1))])
    features = (
        np.hstack([features, random.normal(size=(120, 4))]) + random.normal(size=(120, 8)) * 0.1
    )
    kernel, bias = machine(features, labels, classes=3, kept=0.4, penalty=1.0, seed=0)
    assert (kernel != 0).any(1).sum() == 3
    assert np.mean((features @ kernel + bias).argmax(1) == labels) > 0.97


def test_average_precision_is_the_area_below_the_curve() -> None:
    away = [0.0, 0.9, 0.05, 0.95]
    said = np.array([[0.9, *BOXES[0]], [0.8, *away], [0.7, *BOXES[1]]])
    assert average_precision([BOXES], [said]) == pytest.approx(0.5 + 0.5 * 2 / 3)
    assert average_precision([BOXES], [said[:0]]) == 0
    assert average_precision([BOXES[:0]], [said]) is None


def test_an_unsure_box_counts_for_average_precision_only() -> None:
    said = np.array([[0.9, *BOXES[0]], [0.2, *BOXES[1]]])
    found = box_metrics([BOXES], [said])
    assert (found["map50"], found["recall"]) == (pytest.approx(1), 0.5)


VOC = """<annotation><size><width>100</width><height>50</height></size>{objects}</annotation>"""
OBJECT = (
    "<object><name>{}</name><bndbox><xmin>{}</xmin><ymin>{}</ymin><xmax>{}</xmax><ymax>{}</ymax>"
    "</bndbox></object>"
)


def test_white_cells_of_an_annotation_are_read(tmp_path: Path) -> None:
    objects = [("WBC", 10, 5, 60, 55), ("RBC", 0, 0, 9, 9), ("WBC", 30, 20, 30, 40)]
    text = "".join(OBJECT.format(*one) for one in objects)
    (tmp_path / "one.xml").write_text(VOC.format(objects=text))
    np.testing.assert_allclose(read_voc(tmp_path / "one.xml"), [[0.1, 0.1, 0.6, 1.0]])
    assert label_of(tmp_path / "one.jpg") == tmp_path / "one.xml"


def test_an_annotation_without_numbers_is_named(tmp_path: Path) -> None:
    (tmp_path / "one.xml").write_text(VOC.format(objects=OBJECT.format("WBC", 1, 2, "x", 4)))
    with pytest.raises(BadAnnotation, match=r"one\.xml"):
        read_voc(tmp_path / "one.xml")
