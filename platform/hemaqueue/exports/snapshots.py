"""A snapshot as a data set that others can read: pictures by hash, labels, boxes; no patient.

Three forms, each a ZIP: CSV with a folder for each class, YOLO, and COCO. A picture without boxes
has one that is the whole picture in YOLO, and none in COCO, where its class is a field of it.
Beside them lie what was left out and why, and whose the pictures are.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from hemaqueue.common.errors import Missing
from hemaqueue.common.spreadsheets import inert
from hemaqueue.exports.models import Export, ExportFormat
from hemaqueue.predictions.classes import classes_ordered
from hemaqueue.training.boxes import Box, boxes_kept
from hemaqueue.training.models import Dataset, DatasetSnapshot, SnapshotImage
from hemaqueue.training.origins import ORIGINS, origin_of
from hemaqueue.training.snapshot_rows import snapshot_datasets, snapshot_left_out
from jobcontract.sealing import read_sealed
from jobcontract.traits import TRAITS, traits_kept

MOST_BYTES = 256 << 20  # a ZIP and its sealed copy fit the report worker
TOLD_EVERY = 50
WHOLE = (0.5, 0.5, 1.0, 1.0)
COLUMNS = (
    "filename", "label", "group", "fold", "sha256", "source", "read_because", "probability",
    *TRAITS,
)  # fmt: skip
IMPORTED = "imported"
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Picture:
    """`boxes` are (class, x, y, width, height) by their centre, as shares of the picture."""

    name: str
    label: str
    group: str
    fold: int
    sha256: str
    source: str
    read_because: str
    probability: float | None
    traits: dict[str, str]
    key: str
    width: int
    height: int
    boxes: tuple[Box, ...]


def snapshot_bytes(snapshot: DatasetSnapshot) -> int:
    """Return how many bytes of pictures a snapshot holds."""
    rows = snapshot.images.values_list("image__bytes", "imported__bytes")
    return sum((one or 0) + (other or 0) for one, other in rows)


def snapshot_file(export: Export, *, tell: Tell) -> tuple[bytes, int]:
    """Return the ZIP of a snapshot and how many pictures are in it."""
    snapshot = export.snapshot
    if snapshot is None:
        raise Missing
    pictures = list(_pictures(snapshot))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name, text in FORMS[export.format](snapshot, pictures):
            archive.writestr(name, text)
        archive.writestr("README.txt", _readme(snapshot))
        archive.writestr("exclusions.csv", _left_out(snapshot))
        for number, one in enumerate(pictures, start=1):
            archive.writestr(_place(one, form=export.format), read_sealed(one.key))
            if number % TOLD_EVERY == 0:
                tell(number, len(pictures))
    return written.getvalue(), len(pictures)


def _place(picture: Picture, *, form: str) -> str:
    return (
        f"{picture.label}/{picture.name}" if form == ExportFormat.CSV else f"images/{picture.name}"
    )


def _pictures(snapshot: DatasetSnapshot) -> Iterator[Picture]:
    found = snapshot.images.select_related("confirmed", *ORIGINS)
    rows = list(found.order_by("sha256"))
    kept = boxes_kept(rows)
    for row in rows:
        source: Any = row.image or row.imported
        yield Picture(
            name=f"{row.sha256[:24]}.{_ending(source.format)}",
            label=row.label,
            group=row.group,
            fold=row.fold,
            sha256=row.sha256,
            source=_source(row),
            read_because=row.confirmed.read_because if row.confirmed else IMPORTED,
            probability=row.confirmed.probability if row.confirmed else None,
            traits=traits_kept(origin_of(row)),
            key=source.key,
            width=source.width,
            height=source.height,
            boxes=tuple(_box(*one) for one in kept[row.pk]),
        )


def _box(code: str, x: float, y: float, width: float, height: float) -> Box:
    return code, x, y, width, height


def _source(row: SnapshotImage) -> str:
    return f"dataset {row.imported.dataset_id}" if row.imported else "confirmed"


def _ending(kind: str) -> str:
    return {"jpeg": "jpg", "tiff": "tif"}.get(kind.lower(), kind.lower())


def _as_csv(_: DatasetSnapshot, pictures: list[Picture]) -> Iterable[tuple[str, str]]:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for one in pictures:
        place = _place(one, form=ExportFormat.CSV)
        said = [place, one.label, one.group, one.fold, one.sha256, one.source]
        traits = [inert(one.traits.get(name, "")) for name in TRAITS]
        writer.writerow([*said, one.read_because, one.probability, *traits])
    yield "manifest.csv", text.getvalue()


def _as_yolo(snapshot: DatasetSnapshot, pictures: list[Picture]) -> Iterable[tuple[str, str]]:
    classes = _classes(snapshot, pictures)
    yield "classes.txt", "".join(f"{code}\n" for code in classes)
    names = "".join(f"  {number}: {code}\n" for number, code in enumerate(classes))
    yield "data.yaml", f"path: .\ntrain: images\nval: images\nnames:\n{names}"
    for one in pictures:
        boxes = one.boxes or ((one.label, *WHOLE),)
        lines = [f"{classes.index(c)} {x:.6f} {y:.6f} {w:.6f} {h:.6f}\n" for c, x, y, w, h in boxes]
        yield f"labels/{one.name.rpartition('.')[0]}.txt", "".join(lines)


def _as_coco(snapshot: DatasetSnapshot, pictures: list[Picture]) -> Iterable[tuple[str, str]]:
    classes = _classes(snapshot, pictures)
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number, one in enumerate(pictures, start=1):
        facts = {"id": number, "file_name": one.name, "width": one.width, "height": one.height}
        images.append(facts | {"label": one.label, "group": one.group, "fold": one.fold})
        for code, x, y, width, height in one.boxes:
            wide, high = width * one.width, height * one.height
            left, top = x * one.width - wide / 2, y * one.height - high / 2
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number,
                    "category_id": classes.index(code) + 1,
                    "bbox": [round(side, 2) for side in (left, top, wide, high)],
                    "area": round(wide * high, 2),
                    "iscrowd": 0,
                }
            )
    categories = [{"id": number, "name": code} for number, code in enumerate(classes, start=1)]
    said = {"info": {"description": f"Snapshot {snapshot.digest}"}, "images": images}
    said |= {"annotations": annotations, "categories": categories}
    yield "annotations.json", json.dumps(said, indent=1)


def _classes(snapshot: DatasetSnapshot, pictures: list[Picture]) -> list[str]:
    """Return the classes of the pictures, and after them those that only boxes have."""
    of_boxes = {box[0] for one in pictures for box in one.boxes}
    return [*classes_ordered(snapshot.counts), *sorted(of_boxes - set(snapshot.counts))]


def _readme(snapshot: DatasetSnapshot) -> str:
    return (
        f"Snapshot {snapshot.pk}\nSHA-256 of its manifest: {snapshot.digest}\n"
        f"Frozen {snapshot.made_at.isoformat(timespec='seconds')}\n"
        "Pictures of one group never lie in two folds. Fold 0 is never learned from.\n"
        "exclusions.csv names what was left out, by the picture's SHA-256, with the reason.\n"
        "read_because says why a reader looked at a picture, probability how likely that was:\n"
        "weigh by one over it, or hard cases lead; where it is empty nobody knows it.\n"
        "site, stain, device, scanner, sex and age (a band) are empty where nobody said them.\n"
        "For research. Pictures of data sets from outside keep their owners' licence.\n"
        + "".join(map(_origin, snapshot_datasets(snapshot)))
    )


def _origin(dataset: Dataset) -> str:
    whose = dataset.source or "whose it is was not said"
    return f"Data set {dataset.pk}, {dataset.name}: {whose}\n"


def _left_out(snapshot: DatasetSnapshot) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("sha256", "reason", "labels"))
    left = snapshot_left_out(snapshot)
    writer.writerows((one.sha256, one.reason, " ".join(one.labels)) for one in left)
    return text.getvalue()


FORMS: dict[str, Callable[[DatasetSnapshot, list[Picture]], Iterable[tuple[str, str]]]] = {
    ExportFormat.CSV: _as_csv,
    ExportFormat.YOLO: _as_yolo,
    ExportFormat.COCO: _as_coco,
}
