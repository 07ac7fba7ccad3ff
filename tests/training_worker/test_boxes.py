"""Boxes: YOLO labels, agreement, and targets that move with their picture."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from training_worker.augmentation import Recipe, varied
from training_worker.boxes import BadLabel, box_metrics, read_yolo, write_yolo
from training_worker.machine import machine
from training_worker.targets import moved

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
