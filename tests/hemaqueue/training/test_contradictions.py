"""One picture under two classes teaches neither, whoever said the one first and the other later."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.common.errors import Missing
from hemaqueue.training.contradictions import twins_find, twins_missing
from hemaqueue.training.lessons import EVERYTHING, Exclusion, Sources
from hemaqueue.training.material import material
from hemaqueue.training.models import Dataset, DatasetFault, DatasetImage
from hemaqueue.training.snapshots import snapshot_freeze
from tests import factories
from tests.hemaqueue.training.confirming import confirmed
from tests.hemaqueue.training.importing import MemoryFiles, imported, pictures
from tests.people import Script

pytestmark = pytest.mark.django_db
SAME = {name: factories.picture_file(45_000) for name in ("Benign/a.png", "Pre/a.png", "Pro/a.png")}
BOTH = ("benign", "pre_b")


def taught(sources: Sources = EVERYTHING) -> dict[str, str]:
    """Return the labels that teach, by the pictures' names or their ids."""
    lessons = material("synthetic", classes=factories.CLASSES, sources=sources).lessons
    names = {one.pk: one.name for one in DatasetImage.objects.all()}
    return {names.get(one.imported, str(one.image)): one.label for one in lessons}


def left(sources: Sources = EVERYTHING) -> set[Exclusion]:
    return set(material("synthetic", classes=factories.CLASSES, sources=sources).exclusions)


def as_before(dataset: Dataset) -> None:
    """Leave the contradictions of a set as an import before 22 November 2026 noted them."""
    for fault in dataset.faults.filter(code="contradicted"):
        detail = fault.detail.removesuffix(" Neither teaches.")
        DatasetFault.objects.filter(pk=fault.pk).update(twin=None, label="", detail=detail)


def twice(*others: str, by: User) -> tuple[Dataset, dict[str, bytes]]:
    """Return a set with one picture under two classes, beside pictures of these names."""
    both = {name: SAME[name] for name in ("Benign/a.png", "Pre/a.png")}
    files = both | pictures(*others)
    return imported(files, by=by), files


def pks(names: Iterable[str]) -> set[object]:
    return {one.pk for one in DatasetImage.objects.all() if one.name in names}


def test_both_classes_are_told(adam: User) -> None:
    dataset, _ = twice("Benign/b.png", by=adam)
    assert taught() == {"Benign/b.png": "benign"}
    assert left() == {(*pks(["Benign/a.png"]), "contradicted", BOTH)}
    sources = Sources(confirmed=False, datasets=(dataset.pk,))
    snapshot = snapshot_freeze("synthetic", by=adam, sources=sources)
    (row,) = Script(adam).get(f"/api/v1/snapshots/{snapshot.pk}/exclusions/").json()["results"]
    assert (row["reason"], row["labels"]) == ("contradicted", list(BOTH))


def test_what_an_old_import_noted_in_words_holds(adam: User) -> None:
    dataset, _ = twice("Pro/c.png", by=adam)
    as_before(dataset)
    assert taught() == {"Pro/c.png": "pro_b"}
    assert left() == {(*pks(["Benign/a.png"]), "contradicted", ("benign",))}


def test_between_two_sets_too(adam: User) -> None:
    first = imported({"Benign/a.png": SAME["Benign/a.png"]}, by=adam, name="First")
    second = imported({"Pre/a.png": SAME["Pre/a.png"]} | pictures("Pro/c.png"), by=adam)
    as_before(second)
    assert taught() == {"Pro/c.png": "pro_b"}
    alone = Sources(confirmed=False, datasets=(first.pk,))
    assert taught(alone) == {"Benign/a.png": "benign"}, "the other set was not chosen"


def test_where_nobody_can_tell_which_is_meant_none_teaches_until_it_is_known(
    adam: User, clara: User
) -> None:
    dataset, files = twice("Benign/b.png", "Pro/c.png", by=adam)
    as_before(dataset)
    assert taught() == {"Pro/c.png": "pro_b"}
    with pytest.raises(Missing):
        twins_find(dataset, MemoryFiles(files), by=clara)
    assert twins_find(dataset, MemoryFiles(files), by=adam) == 1
    assert taught() == {"Benign/b.png": "benign", "Pro/c.png": "pro_b"}
    assert left() == {(*pks(["Benign/a.png"]), "contradicted", BOTH)}
    assert AuditEvent.objects.filter(action="dataset.find_twins").count() == 1


def test_the_command_looks_at_the_files_again(adam: User, tmp_path: Path) -> None:
    dataset, files = twice("Benign/b.png", by=adam)
    as_before(dataset)
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    said = io.StringIO()
    given = {"resume": str(dataset.pk), "by": "adam"}
    call_command("import_dataset", str(tmp_path), stdout=said, **given)
    assert "1 contradicted pictures found; 0 files are not in the folder" in said.getvalue()
    assert not twins_missing(dataset).exists()
    with pytest.raises(CommandError, match="ZIP"):
        call_command("import_dataset", str(tmp_path), **given)


def test_a_file_that_is_not_there_any_more_stays_unknown(adam: User) -> None:
    dataset, files = twice("Benign/b.png", by=adam)
    as_before(dataset)
    rest = {name: data for name, data in files.items() if name != "Pre/a.png"}
    assert twins_find(dataset, MemoryFiles(rest), by=adam) == 0
    assert taught() == {}


@pytest.mark.parametrize("signed_first", [True, False])
def test_a_signed_label_and_an_imported_one_that_differ_teach_neither(
    adam: User, clara: User, signed_first: bool
) -> None:
    if signed_first:
        confirmed("pre_b", by=clara, seed=45_000)
    imported({"Benign/a.png": SAME["Benign/a.png"]}, by=adam)
    if not signed_first:
        confirmed("pre_b", by=clara, seed=45_000)
    assert taught() == {}
    assert {one[1:] for one in left()} == {("contradicted", BOTH)}
    assert list(taught(Sources()).values()) == ["pre_b"], "only what readers confirmed is chosen"


def test_a_signed_label_does_not_settle_what_two_files_contradict(adam: User, clara: User) -> None:
    twice("Pro/c.png", by=adam)
    confirmed("benign", by=clara, seed=45_000)
    assert taught() == {"Pro/c.png": "pro_b"}
    assert {one[1:] for one in left()} == {("contradicted", BOTH)}


def test_a_third_class_is_told_too(adam: User) -> None:
    imported(SAME, by=adam)
    assert {one.labels for one in left()} == {("benign", "pre_b", "pro_b")}


def test_a_copy_without_a_class_contradicts_nothing(adam: User) -> None:
    imported({"Benign/a.png": SAME["Benign/a.png"]}, by=adam)
    boxes = {"labels/a.txt": "0 .5 .5 .1 .1\n", "labels/b.txt": "1 .5 .5 .1 .1\n"}
    files = {"images/a.png": SAME["Pre/a.png"], "classes.txt": "platelet\nPro\n"}
    second = imported(files | boxes | pictures("images/b.png"), by=adam, name="Boxes")
    assert [one.code for one in second.faults.all()] == ["duplicate"]
    assert taught()["Benign/a.png"] == "benign"
