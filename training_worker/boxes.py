"""Boxes of white cells: labels read and written, pseudo-boxes, and how well boxes agree.

A YOLO label is a text beside its picture, or in `labels/` beside `images/`: one line a box,
`class x y width height`, the centre and the sides as shares of the picture's. Pascal VOC is read,
too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_worker.marking import LEAST_CERTAIN, Boxes, overlaps
from inference_worker.regions import regions
from training_worker.samples import Sample, read_picture
from training_worker.voc import read_voc

MOST = 16
HIT = 0.5
LEAST_RANKED = 0.05
"""Certainty from which a box counts for mAP50."""

PEOPLE, PSEUDO = "labels", "pseudo (regions)"


class BadLabel(ValueError):
    """A YOLO label has a line that is no box."""


def read_yolo(path: Path) -> Boxes:
    """Return the boxes `(n, 4)` of a label: left, top, right, bottom.

    Raises:
        BadLabel: a line is not a class and four shares between 0 and 1.
    """
    found = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            _, x, y, width, height = map(float, line.split())
        except ValueError:
            x = -1.0
        if not (0 <= x <= 1 and 0 <= y <= 1 and 0 < width <= 1 and 0 < height <= 1):
            raise BadLabel(f"Line {number} of {path.name} is not `class x y width height`.")
        found.append((x, y, width, height))
    return cornered(found)


def cornered(boxes: Sequence[Sequence[float]]) -> Boxes:
    """Return boxes of centre and sides as left, top, right and bottom: `(n, 4)`."""
    middle, sides = np.hsplit(np.array(boxes, np.float64).reshape(-1, 4), 2)
    return np.hstack([middle - sides / 2, middle + sides / 2])


def write_yolo(path: Path, boxes: Boxes, *, label: int = 0) -> None:
    """Write boxes `(n, 4)` as a label."""
    rows = [
        f"{label} {(a + c) / 2:.6f} {(b + d) / 2:.6f} {c - a:.6f} {d - b:.6f}\n"
        for a, b, c, d in boxes
    ]
    path.write_text("".join(rows))


def label_of(picture: Path) -> Path | None:
    """Return the label of a picture, YOLO or else Pascal VOC, where it has one."""
    beside = picture.with_suffix(".txt")
    parts = ["labels" if part == "images" else part for part in beside.parts]
    places = (beside, Path(*parts), picture.with_suffix(".xml"))
    return next((one for one in places if one.is_file()), None)


def true_boxes(sample: Sample) -> tuple[Boxes, str]:
    """Return the boxes `(n, 4)` of a picture and whose they are: PEOPLE or PSEUDO."""
    if label := label_of(sample.path):
        return read_voc(label) if label.suffix == ".xml" else read_yolo(label), PEOPLE
    found = [one.cell for one in regions(read_picture(sample))]
    return np.array(found).reshape(-1, 4), PSEUDO


def box_targets(samples: Sequence[Sample]) -> NDArray[np.float32]:
    """Return `(n, MOST, 5)`: presence, centre, width and height; the rest is zero."""
    targets = np.zeros((len(samples), MOST, 5), np.float32)
    for target, sample in zip(targets, samples, strict=True):
        boxes = true_boxes(sample)[0][:MOST]
        target[: len(boxes)] = centred(boxes)
    return targets


def pseudo_targets(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the targets of `box_targets` for pictures whose boxes nobody drew."""
    targets = np.zeros((len(pictures), MOST, 5), np.float32)
    for target, picture in zip(targets, pictures, strict=True):
        boxes = np.array([one.cell for one in regions(picture)][:MOST]).reshape(-1, 4)
        target[: len(boxes)] = centred(boxes)
    return targets


def drawn_targets(
    pictures: NDArray[np.uint8], drawn: Sequence[Sequence[Sequence[float]]]
) -> NDArray[np.float32]:
    """Return the targets of `box_targets`, pseudo ones for pictures of which nobody drew boxes.

    Args:
        pictures: `(n, size, size, 3)`.
        drawn: For each picture its boxes: centre x and y, width and height, as shares.
    """
    targets = np.zeros((len(pictures), MOST, 5), np.float32)
    for index, boxes in enumerate(drawn):
        if boxes:
            targets[index, : len(boxes)] = [(1, *box) for box in boxes[:MOST]]
        else:
            targets[index] = pseudo_targets(pictures[index : index + 1])[0]
    return targets


def centred(boxes: Boxes) -> NDArray[np.float64]:
    middle, sides = (boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]
    return np.column_stack([np.ones(len(boxes)), middle, sides])


def box_metrics(true: Sequence[Boxes], said: Sequence[Boxes]) -> dict[str, Any]:
    """Return F1 at an overlap of 0.5, mAP50, and the mean overlap of each true box with its best.

    A true box that nobody found counts as an overlap of 0. All boxes said count for mAP50; those
    of LEAST_CERTAIN and more for the rest.
    """
    ranked, said = said, [boxes[boxes[:, 0] >= LEAST_CERTAIN] for boxes in said]
    hits, wanted, given = 0, sum(map(len, true)), sum(map(len, said))
    best: list[float] = []
    for boxes, found in zip(true, said, strict=True):
        table = overlaps(boxes, found[:, 1:])
        best += list(table.max(1)) if len(found) else [0.0] * len(boxes)
        hits += _matches(table)
    return {
        "n": wanted,
        "precision": hits / given if given else 0.0,
        "recall": hits / wanted if wanted else 0.0,
        "f1": 2 * hits / (wanted + given) if wanted + given else 0.0,
        "mean_iou": float(np.mean(best)) if best else None,
        "map50": average_precision(true, ranked),
    }


def average_precision(true: Sequence[Boxes], said: Sequence[Boxes]) -> float | None:
    """Return the area below precision by recall at an overlap of HIT; None without true boxes.

    Boxes are taken by certainty; each true box is found once, by the first that overlaps it most.
    There is one kind of box, so that this is the mean over kinds, too.
    """
    wanted = sum(map(len, true))
    if not wanted:
        return None
    marks = [mark for boxes, found in zip(true, said, strict=True) for mark in _marks(boxes, found)]
    hits = np.array([hit for _, hit in sorted(marks, key=lambda mark: -mark[0])], bool)
    recall = np.concatenate([[0.0], np.cumsum(hits) / wanted])
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    best_beyond = np.maximum.accumulate(precision[::-1])[::-1]
    return float(np.sum(np.diff(recall) * best_beyond))


def _marks(true: Boxes, said: Boxes) -> list[tuple[float, bool]]:
    """Return (certainty, whether it found a box that none before had found) of each box."""
    found: set[int] = set()
    marks = []
    for certainty, row in zip(said[:, 0], overlaps(said[:, 1:], true), strict=True):
        best = int(row.argmax()) if len(row) else -1
        hit = best >= 0 and row[best] >= HIT and best not in found
        found |= {best} if hit else set()
        marks.append((float(certainty), bool(hit)))
    return marks


def _matches(table: NDArray[np.float64]) -> int:
    """Return how many pairs overlap by HIT, each box used once, best pairs first."""
    table, hits = table.copy(), 0
    while table.size and table.max() >= HIT:
        row, column = np.unravel_index(table.argmax(), table.shape)
        table[row], table[:, column] = -1, -1
        hits += 1
    return hits
