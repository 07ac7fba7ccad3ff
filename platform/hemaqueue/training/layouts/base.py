"""What a layout finds in a set of files."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import NamedTuple, Protocol

PICTURES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp", ".gif", ".dcm"}
"""What is meant as a picture. Whether it can be one is for intake to say, with its code."""

LARGEST_TEXT = 8 << 20


class Files(Protocol):
    """Files by their path with slashes, whatever holds them."""

    def names(self) -> list[str]:
        """Return every path, sorted."""

    def read(self, name: str, *, most: int) -> bytes:
        """Return at most `most` + 1 bytes of a file."""


class Box(NamedTuple):
    """A class name, the centre and the sides, as shares of the picture."""

    name: str
    x: float
    y: float
    width: float
    height: float


class Fault(NamedTuple):
    file: str
    code: str
    detail: str


@dataclass(frozen=True)
class Labelled:
    """One picture and what the set says of it; an empty `name` means that no class is given.

    `traits` are site, stain, device and the like, where a manifest names them.
    """

    file: str
    name: str
    subject: str = ""
    group: str = ""
    boxes: tuple[Box, ...] = ()
    traits: Mapping[str, str] = field(default_factory=dict)


Found = tuple[list[Labelled], list[Fault]]


def pictures_of(names: Sequence[str]) -> list[str]:
    return [name for name in names if PurePosixPath(name).suffix.lower() in PICTURES]


def text_of(files: Files, name: str) -> str:
    """Return a text file; what is no UTF-8 is replaced, what is too long is cut."""
    data = files.read(name, most=LARGEST_TEXT)
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return data[:LARGEST_TEXT].decode("utf-16" if wide else "utf-8-sig", "replace")


def commonest(boxes: Sequence[Box]) -> str:
    """Return the class of most boxes; where two have as many, that of the larger area."""
    counts = Counter(box.name for box in boxes)
    areas: dict[str, float] = defaultdict(float)
    for box in boxes:
        areas[box.name] += box.width * box.height
    return max(counts, key=lambda name: (counts[name], areas[name], name), default="")


def beside(picture: str, *, suffix: str, folders: dict[str, str]) -> list[str]:
    """Return where the text of a picture may lie: beside it, or in the folder for texts."""
    path = PurePosixPath(picture).with_suffix(suffix)
    parts = [folders.get(part.lower(), part) for part in path.parts]
    return [str(path), str(PurePosixPath(*parts))]
