"""Boxes of white cells from Pascal VOC: an XML beside its picture, with named boxes in pixels."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from inference_worker.marking import Boxes

WHITE_CELL = "WBC"
CORNERS = ("xmin", "ymin", "xmax", "ymax")


class BadAnnotation(ValueError):
    """The XML has no size, or a box without numbers."""


def read_voc(path: Path, *, name: str = WHITE_CELL) -> Boxes:
    """Return the boxes `(n, 4)` of one name: left, top, right, bottom as shares of the sides.

    What lies outside of the picture is cut off; a box of which nothing is left is dropped.

    Raises:
        BadAnnotation: the XML cannot be read as boxes.
    """
    text = path.read_text()
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadAnnotation(f"{path.name} declares entities; none are needed for boxes.")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  it cannot declare entities: see above
        sides = [float(root.findtext(f"size/{one}", "")) for one in ("width", "height")]
        found = [
            [float(thing.findtext(f"bndbox/{corner}", "")) for corner in CORNERS]
            for thing in root.iter("object")
            if (thing.findtext("name") or "").strip() == name
        ]
        boxes = np.clip(np.array(found).reshape(-1, 4) / np.tile(sides, 2), 0, 1)
    except (ElementTree.ParseError, ValueError) as error:
        raise BadAnnotation(f"{path.name} has no size or a box without numbers.") from error
    return boxes[(boxes[:, 2:] > boxes[:, :2]).all(1)]
