"""The layouts of data sets: one file each, each with `read(files)`; found out, or chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hemaqueue.common.errors import Refused
from hemaqueue.training.layouts import cnmc, folders, manifest, voc, yolo
from hemaqueue.training.layouts.base import (
    Fault,
    Files,
    Found,
    Labelled,
    beside,
    pictures_of,
)
from hemaqueue.training.models import Layout


class NoPictures(Refused):
    """There is no picture in it, or none with a class. Look at the layouts on this page."""

    code = "no_pictures"


@dataclass(frozen=True)
class Reading:
    """What a set says of its pictures, before any of them is opened."""

    layout: str
    pictures: list[Labelled]
    faults: list[Fault]
    unkept: list[str]

    def summary(self) -> dict[str, Any]:
        """Return what is told of the set; `traits` counts the pictures that bear each."""
        return {
            "pictures": len(self.pictures),
            "classes": dict(Counter(one.name for one in self.pictures)),
            "subjects": len({one.subject for one in self.pictures if one.subject}),
            "groups": len({one.group for one in self.pictures if one.group}),
            "boxes": sum(len(one.boxes) for one in self.pictures),
            "traits": dict(Counter(trait for one in self.pictures for trait in one.traits)),
            "unkept": self.unkept,
            "faults": dict(Counter(one.code for one in self.faults)),
            "examples": {one.code: one.detail for one in self.faults},
        }


READERS: dict[str, Callable[[Files], Found]] = {
    Layout.FOLDERS: folders.read,
    Layout.CSV: manifest.read,
    Layout.YOLO: yolo.read,
    Layout.VOC: voc.read,
    Layout.CNMC: cnmc.read,
}


def read_files(files: Files, *, layout: str = "") -> Reading:
    """Return what a set says, in the layout that was chosen or found out.

    Raises:
        NoPictures: no picture has a class.
    """
    chosen = layout or layout_of(files)
    pictures, faults = READERS[chosen](files)
    if not pictures:
        raise NoPictures
    unkept = manifest.columns_unkept(files) if chosen == Layout.CSV else []
    return Reading(chosen, pictures, faults, unkept)


def layout_of(files: Files) -> str:
    """Return the layout that a set's files speak for."""
    names = files.names()
    ends = {name.rpartition(".")[2].lower() for name in names}
    if "csv" in ends and manifest.manifest_name(files):
        return Layout.CSV
    if "xml" in ends:
        return Layout.VOC
    pictures = pictures_of(names)
    if "txt" in ends and _has_texts(pictures, set(names)):
        return Layout.YOLO
    if pictures and all(cnmc.subject_in(name) for name in pictures):
        return Layout.CNMC
    return Layout.FOLDERS


def _has_texts(pictures: list[str], names: set[str]) -> bool:
    """Say whether most pictures have a text of their own: a lone README is no label."""
    places = (beside(one, suffix=".txt", folders=yolo.FOLDERS) for one in pictures)
    return 2 * sum(bool(names.intersection(one)) for one in places) >= max(len(pictures), 1)
