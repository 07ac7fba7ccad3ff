"""Data sets: looked over, imported whatever lies among them, grouped, never twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.common.errors import Missing
from hemaqueue.pipeline.learning import dataset_unpack, dataset_wanted
from hemaqueue.pipeline.sweeps import files_unclaimed
from hemaqueue.specimens.models import SmearImage
from hemaqueue.training.dataset_selectors import dataset_counts, dataset_state
from hemaqueue.training.datasets import (
    ImportBegan,
    dataset_begin,
    dataset_discard,
    dataset_import,
    dataset_look_over,
)
from hemaqueue.training.files import archive_files
from hemaqueue.training.lessons import Exclusion, Sources
from hemaqueue.training.material import material
from hemaqueue.training.models import Dataset, DatasetImage
from hemaqueue.training.naming import UnknownClass
from jobcontract import sealing, storage
from tests import factories
from tests.archives import stored, zipped
from tests.hemaqueue.training.importing import (
    MemoryFiles,
    imported,
    looked_over,
    pictures,
    saved_darker,
)

pytestmark = pytest.mark.django_db


def codes(dataset: Dataset) -> dict[str, str]:
    return {one.name: one.code for one in dataset.faults.all()}


def test_looking_over_opens_and_keeps_no_picture(adam: User) -> None:
    dataset = looked_over({"Benign/a.png": b"no", "cat/b.png": b"no", "c.png": b"no"}, by=adam)
    assert dataset.found["classes"] == {"Benign": 1, "cat": 1}
    assert dataset.found["faults"] == {"no_class": 1}
    assert dataset.names == {"Benign": "benign", "cat": ""}
    assert dataset_state(dataset) == "looked_over"
    assert not DatasetImage.objects.exists()


def test_only_who_runs_the_installation_brings_sets_in(clara: User, adam: User) -> None:
    with pytest.raises(Missing):
        looked_over(by=clara)
    dataset = looked_over(by=adam)
    for act in (dataset_begin, dataset_discard):
        with pytest.raises(Missing):
            act(dataset, by=clara)


def test_pictures_go_through_intake_and_are_sealed(adam: User) -> None:
    files = pictures("Benign/a.png", "Early/b.png")
    dataset = imported(files, by=adam)
    assert dataset_counts(dataset).classes == {"benign": 1, "early_pre_b": 1}
    image = dataset.images.get(label="benign")
    assert sealing.read_sealed(image.key) == files["Benign/a.png"]
    assert b"PNG" not in storage.read(image.key)
    assert image.perceptual_hash is not None
    assert not SmearImage.objects.exists(), "no case, no worklist"
    assert not list(files_unclaimed())


def test_what_is_no_picture_is_told_of_and_the_rest_comes(adam: User) -> None:
    files = pictures("Benign/a.png") | {
        "Benign/b.png": b"%PDF-1.4",
        "Benign/c.png": b"",
        "cat/d.png": factories.picture_file(41_000),
    }
    dataset = imported(files, by=adam)
    assert dataset.images.count() == 1
    found = codes(dataset)
    assert set(found) == {"Benign/b.png", "Benign/c.png", "cat/d.png"}
    assert found["cat/d.png"] == "class_unknown"
    assert found["Benign/c.png"] == "empty_file"


def test_the_same_picture_comes_once_and_a_contradiction_is_told_of(adam: User) -> None:
    same = factories.picture_file(41_001)
    dataset = imported({"Benign/a.png": same, "Benign/b.png": same, "Pre/c.png": same}, by=adam)
    assert codes(dataset) == {"Benign/b.png": "duplicate", "Pre/c.png": "contradicted"}
    assert taught() == ([], [(dataset.images.get().pk, "contradicted", ("benign", "pre_b"))])
    other = imported({"Benign/z.png": same} | pictures("Pro/y.png"), by=adam, name="Another")
    assert codes(other) == {"Benign/z.png": "duplicate"}


def test_sets_that_contradict_each_other_teach_neither_where_both_are_chosen(adam: User) -> None:
    same = factories.picture_file(41_003)
    first = imported({"Benign/a.png": same}, by=adam)
    second = imported({"Pre/z.png": same} | pictures("Pro/y.png"), by=adam, name="Another")
    assert taught(first) == (["benign"], [])
    left = [(first.images.get().pk, "contradicted", ("benign", "pre_b"))]
    assert taught(first, second) == (["pro_b"], left)


def test_pictures_that_look_alike_under_two_classes_teach_neither(adam: User) -> None:
    files = {"Benign/a.png": factories.picture_file(41_004), "Pre/b.png": saved_darker(41_004)}
    dataset = imported(files | pictures("Pro/y.png"), by=adam)
    doubtful = dataset.images.exclude(label="pro_b").values_list("pk", flat=True)
    labels, left = taught(dataset)
    assert labels == ["pro_b"]
    assert set(left) == {(pk, "contradicted", ("benign", "pre_b")) for pk in doubtful}


def taught(*chosen: Dataset) -> tuple[list[str], list[Exclusion]]:
    """Return the labels that teach, and what was left out; of all sets where none is chosen."""
    only = tuple(one.pk for one in chosen) or None
    sources = Sources(confirmed=False, datasets=only)
    found = material("synthetic", classes=factories.CLASSES, sources=sources)
    return [one.label for one in found.lessons], found.exclusions


def test_near_duplicates_share_a_group_and_a_subject_is_one(adam: User) -> None:
    files = {"Benign/a.png": factories.picture_file(41_002), "Benign/b.png": saved_darker(41_002)}
    noise = {"Benign/c.png": factories.picture_file(41_060)}
    dataset = imported(files | noise, by=adam)
    groups = {one.name: one.group for one in dataset.images.all()}
    assert groups["Benign/a.png"] == groups["Benign/b.png"]
    table = "filename,label,patient\n1.png,Pre,P-1\n2.png,Pre,p-1\n3.png,Pre,P-2\n"
    named = {"set.csv": table} | pictures("1.png", "2.png", "3.png", first=41_100)
    subjects = {one.name: one.group for one in imported(named, by=adam, name="B").images.all()}
    assert subjects["1.png"] == subjects["2.png"]


def test_a_second_try_goes_on_where_the_first_stopped(adam: User) -> None:
    files = pictures("Benign/a.png", "Benign/b.png") | {"Benign/c.png": b"%PDF"}
    dataset = looked_over(files, by=adam)
    dataset_begin(dataset, by=adam)
    first = {name: data for name, data in files.items() if name != "Benign/b.png"}
    dataset_import(dataset, MemoryFiles(first), progress=lambda _: None)
    dataset_import(dataset, MemoryFiles(files), progress=lambda _: None)
    assert dataset.images.count() == 2
    assert dataset.faults.count() == 1
    assert AuditEvent.objects.filter(action="dataset.imported").count() == 1


def test_names_are_changed_before_the_import_and_never_after(adam: User) -> None:
    dataset = looked_over({"hem/a.png": b"x", "cat/b.png": b"x"}, by=adam)
    with pytest.raises(UnknownClass):
        dataset_begin(dataset, names={"hem": "platelet"}, by=adam)
    dataset_wanted(dataset, names={"cat": "pro_b"}, by=adam)
    dataset.refresh_from_db()
    assert dataset.names == {"hem": "benign", "cat": "pro_b"}
    assert dataset_state(dataset) == "waiting"
    with pytest.raises(ImportBegan):
        dataset_wanted(dataset, names={}, by=adam)
    with pytest.raises(ImportBegan):
        dataset_discard(dataset, by=adam)


def test_an_archive_is_imported_from_the_store(adam: User) -> None:
    data = zipped(pictures("Benign/a.png", "Pro/b.png"))
    archive = stored(data)
    with archive_files(archive, size=len(data)) as files:
        dataset = dataset_look_over(
            files, name="Zip", kind="synthetic", size=len(data), by=adam, pk=archive
        )
    told: list[dict[str, Any]] = []
    dataset_unpack(dataset, progress=told.append)
    assert dataset.images.count() == 2
    assert (told[-1]["done"], told[-1]["of"]) == (2, 2)


def test_an_imported_label_is_never_changed(adam: User) -> None:
    imported(pictures("Benign/a.png"), by=adam)
    for act in (
        lambda: DatasetImage.objects.update(label="pro_b"),
        lambda: DatasetImage.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            act()
