"""YOLO: a text beside each picture (or in `labels/`), a line a box: `class x y width height`.

The picture's class is that of most of its boxes. The classes' names stand in `data.yaml`,
`classes.txt` or `obj.names`; where there are none, their numbers are their names.
"""

from __future__ import annotations

import math
from typing import Any

import yaml

from hemaqueue.training.layouts.base import (
    Box,
    Fault,
    Files,
    Found,
    Labelled,
    beside,
    commonest,
    pictures_of,
    text_of,
)

LISTS = ("classes.txt", "obj.names", "classes.names")
FOLDERS = {"images": "labels"}


class BadLine(ValueError):
    """A line is no box."""


def class_names(files: Files) -> dict[int, str]:
    """Return the classes' names by number; {} where no file names them."""
    for name in files.names():
        last = name.rpartition("/")[2].lower()
        if last in LISTS:
            lines = [line.strip() for line in text_of(files, name).splitlines()]
            return dict(enumerate(line for line in lines if line))
        if last in ("data.yaml", "data.yml", "dataset.yaml") and (found := _yaml(files, name)):
            return found
    return {}


def _yaml(files: Files, name: str) -> dict[int, str]:
    try:
        said: Any = yaml.safe_load(text_of(files, name))
    except yaml.YAMLError:
        return {}
    names = said.get("names") if isinstance(said, dict) else None
    if isinstance(names, list):
        return {number: str(one) for number, one in enumerate(names)}
    if isinstance(names, dict):
        return {int(number): str(one) for number, one in names.items() if str(number).isdigit()}
    return {}


def read(files: Files) -> Found:
    names, every = class_names(files), set(files.names())
    pictures: list[Labelled] = []
    faults: list[Fault] = []
    for file in pictures_of(files.names()):
        places = beside(file, suffix=".txt", folders=FOLDERS)
        text = next((place for place in places if place in every), "")
        if not text:
            faults.append(Fault(file, "no_label", "There is no text with boxes for this picture."))
            continue
        try:
            boxes = boxes_in(text_of(files, text), names=names)
        except BadLine as error:
            faults.append(Fault(file, "bad_label", str(error)))
            continue
        pictures.append(Labelled(file, commonest(boxes), boxes=tuple(boxes)))
    return pictures, faults


def boxes_in(text: str, *, names: dict[int, str]) -> list[Box]:
    """Return the boxes of a text.

    Raises:
        BadLine: a line is not a class and four shares of the picture.
    """
    boxes = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            code, *place = line.split()
            x, y, width, height = map(float, place)
            whole = int(code)
        except ValueError as error:
            raise BadLine(f"Line {number} is not `class x y width height`.") from error
        inside = all(0 <= one <= 1 for one in (x, y, width, height))
        if not inside or not width * height or not math.isfinite(x + y + width + height):
            raise BadLine(f"Line {number} names a box outside of the picture.")
        boxes.append(Box(names.get(whole, str(whole)), x, y, width, height))
    return boxes
