"""What tells two snapshots apart, and a snapshot as a file to take away."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.common.errors import NotAllowed
from hemaqueue.exports.building import export_build
from hemaqueue.exports.models import Export
from hemaqueue.exports.services import Wish
from hemaqueue.pipeline.papers import export_requested
from hemaqueue.registry.models import ModelVersion
from hemaqueue.reviews.cells import Box, cell_add
from hemaqueue.training.lessons import Sources
from hemaqueue.training.lineage import snapshot_number
from hemaqueue.training.models import DatasetSnapshot
from hemaqueue.training.origins import without_person
from hemaqueue.training.snapshots import (
    EmptySnapshot,
    manifest_seal,
    snapshot_diff,
    snapshot_freeze,
)
from jobcontract.messages import TrainingImage
from jobcontract.sealing import read_sealed, read_shared
from tests.hemaqueue.training.confirming import confirm_enough, confirmed, decide
from tests.hemaqueue.training.importing import imported, pictures

pytestmark = pytest.mark.django_db


def test_nothing_cannot_be_frozen(serving: ModelVersion, adam: User) -> None:
    with pytest.raises(EmptySnapshot):
        snapshot_freeze("synthetic", by=adam)
    assert not DatasetSnapshot.objects.exists()


def test_a_difference_names_what_came_went_and_changed(
    serving: ModelVersion, clara: User, adam: User
) -> None:
    first, second, *_ = confirm_enough(by=clara)
    older = snapshot_freeze("synthetic", by=adam)
    decide(first, "pro_b", by=clara)
    second.withdrawn_at = second.uploaded_at
    second.save()
    fresh = confirmed("benign", by=clara)
    diff = snapshot_diff(older, snapshot_freeze("synthetic", by=adam))
    assert diff.relabelled == {first.sha256: ("benign", "pro_b")}
    assert diff.removed == {second.sha256: "benign"}
    assert diff.added == {fresh.sha256: "benign"}
    assert diff.same + len(diff.moved) == 6


def test_a_manifest_tells_of_whom_it_does_not_know(serving: ModelVersion, adam: User) -> None:
    files = pictures("a.png", "b.png", "c.png")
    table = "filename,label,subject\na.png,benign,P1\nb.png,pre_b,\nc.png,pro_b,\n"
    dataset = imported(files | {"labels.csv": table}, name="Hospital set", by=adam)
    sources = Sources(confirmed=False, datasets=(dataset.pk,))
    snapshot = snapshot_freeze("synthetic", by=adam, sources=sources)
    assert without_person(snapshot.images.all()) == 2
    rows = [TrainingImage.from_json(r) for r in json.loads(read_shared(manifest_seal(snapshot)))]
    assert {one.label: one.origin["person"] for one in rows} == {
        "benign": True, "pre_b": False, "pro_b": False,
    }  # fmt: skip
    assert {one.origin["source"] for one in rows} == {"Hospital set"}
    assert not any({"site", "stain"} & one.origin.keys() for one in rows)


def test_snapshots_are_numbered_in_their_order(
    serving: ModelVersion, clara: User, adam: User
) -> None:
    confirm_enough(by=clara)
    made = [snapshot_freeze("synthetic", by=adam) for _ in range(3)]
    assert sorted(snapshot_number(one) for one in made) == [1, 2, 3], "of one moment, still apart"


def taken(snapshot: DatasetSnapshot, *, form: str, by: User) -> zipfile.ZipFile:
    export = export_requested(Wish("snapshot", form, snapshot=snapshot), by=by)
    assert Export.objects.get(pk=export.pk).snapshot == snapshot
    built = export_build(export.pk, tell=lambda done, of: None)
    return zipfile.ZipFile(io.BytesIO(read_sealed(built.key)))


def test_it_is_taken_away_in_three_forms(serving: ModelVersion, clara: User, adam: User) -> None:
    image, *_ = confirm_enough(by=clara)
    cell_add(image, box=Box(0.1, 0.2, 0.4, 0.2), label="pre_b", by=clara)
    snapshot = snapshot_freeze("synthetic", by=adam)
    name = image.sha256[:24]
    with taken(snapshot, form="csv", by=adam) as archive:
        assert f"benign/{name}.png" in archive.namelist()
        lines = archive.read("manifest.csv").decode().splitlines()
        columns = "filename,label,group,fold,sha256,source,read_because,probability,"
        assert (lines[0], len(lines)) == (f"{columns}site,stain,device,scanner,sex,age", 9)
        known = f",confirmed,lane,1.0,{image.site.name},{image.slide.stain},,,,"
        assert all(line.endswith(known) for line in lines[1:])
        assert image.case.patient not in str(lines)
    with taken(snapshot, form="yolo", by=adam) as archive:
        assert archive.read(f"labels/{name}.txt") == b"2 0.300000 0.300000 0.400000 0.200000\n"
        assert archive.read("classes.txt").decode().split()[2] == "pre_b"
    with taken(snapshot, form="coco", by=adam) as archive:
        said: dict[str, Any] = json.loads(archive.read("annotations.json"))
        assert (len(said["images"]), len(said["annotations"])) == (8, 1)
        assert said["annotations"][0]["bbox"] == [24.0, 41.6, 96.0, 41.6]
    assert AuditEvent.objects.filter(action="export.request").count() == 3


def test_what_was_left_out_is_named_with_its_reason(
    serving: ModelVersion, clara: User, adam: User
) -> None:
    image, *_ = confirm_enough(by=clara)
    image.withdrawn_at = image.uploaded_at
    image.save()
    same = pictures("Benign/a.png")["Benign/a.png"]
    dataset = imported({"Benign/a.png": same, "Pro/b.png": same}, by=adam)
    snapshot = snapshot_freeze("synthetic", by=adam, sources=Sources(datasets=(dataset.pk,)))
    twice = dataset.images.get().sha256
    left = {(image.sha256, "image_withdrawn", ""), (twice, "contradicted", "benign pro_b")}
    for form in ("csv", "yolo", "coco"):
        with taken(snapshot, form=form, by=adam) as archive:
            rows = archive.read("exclusions.csv").decode().splitlines()
            assert rows[0] == "sha256,reason,labels"
            assert {tuple(row.split(",")) for row in rows[1:]} == left


def test_whose_the_pictures_are_goes_with_them(
    serving: ModelVersion, clara: User, adam: User
) -> None:
    said = {"source": "A hospital, CC BY 4.0", "name": "Theirs"}
    theirs = imported(pictures("Benign/a.png"), by=adam, **said)
    nobodys = imported(pictures("Benign/b.png", first=43_000), by=adam, name="Nobody's")
    imported(pictures("Benign/c.png", first=44_000), by=adam, name="Another")
    chosen = Sources(confirmed=False, datasets=(theirs.pk, nobodys.pk))
    snapshot = snapshot_freeze("synthetic", by=adam, sources=chosen)
    with taken(snapshot, form="csv", by=adam) as archive:
        lines = archive.read("README.txt").decode().splitlines()
    assert f"Data set {theirs.pk}, Theirs: A hospital, CC BY 4.0" in lines
    assert f"Data set {nobodys.pk}, Nobody's: whose it is was not said" in lines
    assert "Another" not in str(lines)


def test_a_clinician_takes_no_snapshot_away(serving: ModelVersion, clara: User, adam: User) -> None:
    confirm_enough(by=clara)
    snapshot = snapshot_freeze("synthetic", by=adam)
    with pytest.raises(NotAllowed):
        export_requested(Wish("snapshot", "csv", snapshot=snapshot), by=clara)
