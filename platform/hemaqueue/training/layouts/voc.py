"""Pascal VOC: an XML beside each picture (or in `Annotations/`), with named boxes in pixels."""

from __future__ import annotations

from xml.etree import ElementTree

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

FOLDERS = {"jpegimages": "Annotations", "images": "annotations"}


class BadAnnotation(ValueError):
    """The XML does not describe boxes."""


def read(files: Files) -> Found:
    every = set(files.names())
    pictures: list[Labelled] = []
    faults: list[Fault] = []
    for file in pictures_of(files.names()):
        places = beside(file, suffix=".xml", folders=FOLDERS)
        text = next((place for place in places if place in every), "")
        if not text:
            faults.append(Fault(file, "no_label", "There is no XML with boxes for this picture."))
            continue
        try:
            boxes = boxes_in(text_of(files, text))
        except BadAnnotation as error:
            faults.append(Fault(file, "bad_label", str(error)))
            continue
        pictures.append(Labelled(file, commonest(boxes), boxes=tuple(boxes)))
    return pictures, faults


def boxes_in(text: str) -> list[Box]:
    """Return the boxes of an annotation.

    Raises:
        BadAnnotation: it is no XML, declares entities, or has no size or no numbers.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadAnnotation("The XML declares entities; none are needed for boxes.")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  it cannot declare entities: see above
        wide, high = (float(root.findtext(f"size/{one}", "0")) for one in ("width", "height"))
        found = [_box(one, wide, high) for one in root.iter("object")]
    except (ElementTree.ParseError, ValueError, ZeroDivisionError) as error:
        raise BadAnnotation("The XML has no size or a box without numbers.") from error
    if any(not (0 <= one <= 1) for box in found for one in box[1:]):
        raise BadAnnotation("A box lies outside of the picture.")
    return found


def _box(thing: ElementTree.Element, wide: float, high: float) -> Box:
    ends = ("xmin", "ymin", "xmax", "ymax")
    left, top, right, bottom = (float(thing.findtext(f"bndbox/{end}", "")) for end in ends)
    name = (thing.findtext("name") or "").strip()
    return Box(
        name,
        (left + right) / 2 / wide,
        (top + bottom) / 2 / high,
        (right - left) / wide,
        (bottom - top) / high,
    )
