"""A manifest's site, stain, device and age: kept with the pictures, given on with snapshots."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.training.lessons import Sources
from hemaqueue.training.models import Dataset
from hemaqueue.training.snapshots import manifest_seal, snapshot_freeze
from jobcontract.messages import TrainingImage
from jobcontract.sealing import read_shared
from tests.hemaqueue.training.importing import imported, looked_over, pictures
from tests.people import Script, logged_in

pytestmark = pytest.mark.django_db
TABLE = (
    "filename,label,Site,stain,device,age_band,operator,notes\n"
    "a.png,Benign,North,Leishman,Axio,18-39,Ann,x\n"
    "b.png,Pro,North,,,1950-03-04,Ann,\n"
    "c.png,Pre,,,,,,\n"
)
KEPT = {"site": "North", "stain": "Leishman", "device": "Axio", "age": "18-39"}


def files() -> dict[str, bytes | str]:
    return {"list.csv": TABLE} | pictures("a.png", "b.png", "c.png")


@pytest.fixture
def dataset(adam: User) -> Dataset:
    return imported(files(), by=adam)


def test_pictures_keep_what_their_manifest_says_of_them(dataset: Dataset) -> None:
    traits = {one.name: one.traits for one in dataset.images.all()}
    assert traits == {"a.png": KEPT, "b.png": {"site": "North"}, "c.png": {}}
    assert not dataset.faults.exists()


def test_a_snapshot_gives_them_to_the_worker(dataset: Dataset, adam: User) -> None:
    sources = Sources(confirmed=False, datasets=(dataset.pk,))
    sealed = manifest_seal(snapshot_freeze("synthetic", by=adam, sources=sources))
    rows = [TrainingImage.from_json(one) for one in json.loads(read_shared(sealed))]
    known = {"person": False, "source": "Set"}
    assert {one.label: one.origin for one in rows} == {
        "benign": known | KEPT, "pro_b": known | {"site": "North"}, "pre_b": known,
    }  # fmt: skip


def test_before_the_import_it_is_told_which_columns_are_kept(adam: User) -> None:
    dataset = looked_over(files(), by=adam)
    counts = {"site": 2, "stain": 1, "device": 1, "age": 1}
    said = Script(adam).get(f"/api/v1/datasets/{dataset.pk}/").json()
    assert (said["traits"], said["columns_unkept"]) == (counts, ["operator", "notes"])
    shown = logged_in(adam).get(reverse("dataset", args=[dataset.pk])).content.decode()
    assert "Age (1), Device (1), Site (2), Stain (1)" in shown
    assert "<dt>Columns not kept</dt><dd>operator, notes</dd>" in shown


def test_the_command_tells_it_too(adam: User, tmp_path: Path) -> None:
    for name, data in files().items():
        (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    said = io.StringIO()
    given = {"name": "Folder", "kind": "synthetic", "by": "adam", "dry_run": True}
    call_command("import_dataset", str(tmp_path), stdout=said, **given)
    assert "  age: kept of 1\n" in said.getvalue()
    assert "  columns not kept: operator, notes\n" in said.getvalue()


def test_a_picture_shows_its_traits(dataset: Dataset, adam: User) -> None:
    picture = dataset.images.get(label="benign")
    said = Script(adam).get(f"/api/v1/datasets/pictures/{picture.pk}/").json()
    assert said["traits"] == KEPT
    shown = logged_in(adam).get(reverse("dataset_picture", args=[picture.pk])).content.decode()
    assert "<dt>Device</dt><dd>Axio</dd>" in shown


def test_a_set_imported_before_has_none(dataset: Dataset, adam: User) -> None:
    dataset.found = {one: dataset.found[one] for one in dataset.found.keys() - {"traits", "unkept"}}
    dataset.save()
    said = Script(adam).get(f"/api/v1/datasets/{dataset.pk}/").json()
    assert (said["traits"], said["columns_unkept"]) == ({}, [])
    shown = logged_in(adam).get(reverse("dataset", args=[dataset.pk])).content.decode()
    assert "Kept of its pictures" not in shown


def test_the_release_before_may_go_on_importing_while_this_one_starts() -> None:
    asked = (
        "SELECT column_default FROM information_schema.columns "
        "WHERE table_name = 'training_datasetimage' AND column_name = 'traits'"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        assert cursor.fetchone() == ("'{}'::jsonb",)
