"""Sets of each layout as they are imported, and a set taken away and brought in again."""

from __future__ import annotations

import contextlib
import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from hemaqueue.accounts.models import User
from hemaqueue.exports.building import export_build
from hemaqueue.exports.services import Wish
from hemaqueue.pipeline.papers import export_requested
from hemaqueue.training.dataset_selectors import dataset_counts
from hemaqueue.training.layouts import read_files
from hemaqueue.training.lessons import Sources
from hemaqueue.training.models import Dataset, DatasetSnapshot
from hemaqueue.training.naming import named
from hemaqueue.training.snapshots import snapshot_freeze
from jobcontract.sealing import read_sealed
from tests.hemaqueue.training.importing import MemoryFiles, imported, pictures

pytestmark = pytest.mark.django_db
FOLDERS = ("Benign/a.png", "Benign/b.png", "Early/c.png", "Pre/d.png", "Pro/e.png")


def voc(*boxes: tuple[str, int, int, int, int]) -> str:
    """Return the annotation of a picture of 160 by 160 with (class, left, top, right, bottom)."""
    things = "".join(
        f"<object><name>{name}</name><bndbox><xmin>{a}</xmin><ymin>{b}</ymin><xmax>{c}</xmax>"
        f"<ymax>{d}</ymax></bndbox></object>"
        for name, a, b, c, d in boxes
    )
    size = "<size><width>160</width><height>160</height></size>"
    return f"<annotation>{size}{things}</annotation>"


def test_pascal_voc_is_imported_with_its_boxes(adam: User) -> None:
    files = pictures("JPEGImages/a.png", "JPEGImages/b.png", "JPEGImages/c.png")
    texts = {
        "Annotations/a.xml": voc(
            ("Early Pre-B", 16, 32, 48, 64), ("Early Pre-B", 80, 80, 160, 160)
        ),
        "Annotations/b.xml": voc(("Benign", 0, 0, 80, 40)),
        "Annotations/c.xml": "no annotation",
    }
    dataset = imported(files | texts, by=adam)
    assert dataset.layout == "voc"
    assert dataset_counts(dataset).classes == {"benign": 1, "early_pre_b": 1}
    assert [(one.name, one.code) for one in dataset.faults.all()] == [
        ("JPEGImages/c.png", "bad_label")
    ]
    boxes = dataset.images.get(label="early_pre_b").boxes
    assert boxes == [["early_pre_b", 0.2, 0.3, 0.2, 0.2], ["early_pre_b", 0.75, 0.75, 0.5, 0.5]]


def test_yolo_is_imported_with_its_boxes(adam: User) -> None:
    files = pictures("images/a.png", "images/b.png", "images/c.png")
    texts = {
        "classes.txt": "Normal\n[Malignant] Pro-B\nplatelet\n",
        "labels/a.txt": "1 0.5 0.5 0.25 0.25\n1 0.2 0.2 0.1 0.1\n0 0.8 0.8 0.3 0.3\n",
        "labels/b.txt": "0 0.5 0.5 0.5 0.5\n",
    }
    dataset = imported(files | texts, by=adam)
    assert dataset.layout == "yolo"
    assert dataset.names == {"Normal": "benign", "[Malignant] Pro-B": "pro_b"}
    assert dataset_counts(dataset).faults == {"no_label": 1}
    boxes = dataset.images.get(label="pro_b").boxes
    assert boxes[0] == ["pro_b", 0.5, 0.5, 0.25, 0.25]
    assert [box[0] for box in boxes] == ["pro_b", "pro_b", "benign"]


@pytest.mark.parametrize("form", ["csv", "yolo"])
def test_what_is_taken_away_comes_back_with_the_same_labels(adam: User, form: str) -> None:
    dataset = imported(pictures(*FOLDERS), by=adam)
    sources = Sources(confirmed=False, datasets=(dataset.pk,))
    snapshot = snapshot_freeze("synthetic", by=adam, sources=sources)
    before = dict(snapshot.images.values_list("sha256", "label"))
    files = taken(snapshot, form=form, by=adam)
    found = read_files(MemoryFiles(files))
    codes = named([one.name for one in found.pictures], kind="synthetic")
    after = {hashlib.sha256(files[one.file]).hexdigest(): codes[one.name] for one in found.pictures}
    assert (found.layout, found.faults, after) == (form, [], before)
    again = imported(files, by=adam, name="Again")
    assert dataset_counts(again).faults == {"duplicate": 5}, "not one contradicts"


TABLE = (
    "filename,label,group,site,stain,device,age_band\n"
    "a.png,Benign,slide 1,North,Leishman,=1+1,18-39\n"
    'b.png,Benign,slide 1,"North, ward 3",,,\n'
    "c.png,Pre,,,,,65 and over\n"
    "d.png,Pro,,,,,\n"
)
Taken = dict[str, tuple[str, str, dict[str, str]]]


class LeftThere(Exception):
    """What was imported is to be gone again, as on another installation."""


def test_a_csv_brings_labels_groups_and_traits_to_another_installation(
    adam: User, tmp_path: Path
) -> None:
    before: Taken = {}
    with contextlib.suppress(LeftThere), transaction.atomic():
        dataset = imported(
            {"list.csv": TABLE} | pictures("a.png", "b.png", "c.png", "d.png"), by=adam
        )
        sources = Sources(confirmed=False, datasets=(dataset.pk,))
        snapshot = snapshot_freeze("synthetic", by=adam, sources=sources)
        before = {
            one.sha256: (one.label, one.group, one.imported.traits)
            for one in snapshot.images.select_related("imported")
        }
        for name, data in taken(snapshot, form="csv", by=adam).items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(data)
        raise LeftThere
    given = {"name": "Theirs", "kind": "synthetic", "by": "adam", "stdout": io.StringIO()}
    call_command("import_dataset", str(tmp_path), **given)
    again = Dataset.objects.get()
    after = {one.sha256: (one.label, one.given_group, one.traits) for one in again.images.all()}
    assert (after, again.faults.count()) == (before, 0)
    traits = [one[2] for one in after.values()]
    assert {"site": "North", "stain": "Leishman", "device": "=1+1", "age": "18-39"} in traits
    assert (len({one[1] for one in after.values()}), len(traits)) == (3, 4)
    assert {} in traits, "of one nothing is known"
    assert b",'=1+1," in (tmp_path / "manifest.csv").read_bytes(), "a spreadsheet runs nothing"


def taken(snapshot: DatasetSnapshot, *, form: str, by: User) -> dict[str, bytes]:
    export = export_requested(Wish("snapshot", form, snapshot=snapshot), by=by)
    built = export_build(export.pk, tell=lambda done, of: None)
    with zipfile.ZipFile(io.BytesIO(read_sealed(built.key))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
