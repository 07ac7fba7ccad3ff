"""One picture under two classes teaches neither, whoever said the one first and the other later."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.training.lessons import EVERYTHING, Exclusion, Sources
from hemaqueue.training.material import material
from hemaqueue.training.models import Dataset, DatasetImage
from hemaqueue.training.snapshots import snapshot_freeze
from tests import factories
from tests.hemaqueue.training.confirming import confirmed
from tests.hemaqueue.training.importing import imported, pictures
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


def twice(*others: str, by: User) -> Dataset:
    """Return a set with one picture under two classes, beside pictures of these names."""
    both = {name: SAME[name] for name in ("Benign/a.png", "Pre/a.png")}
    return imported(both | pictures(*others), by=by)


def pks(names: Iterable[str]) -> set[object]:
    return {one.pk for one in DatasetImage.objects.all() if one.name in names}


def test_both_classes_are_told(adam: User) -> None:
    dataset = twice("Benign/b.png", by=adam)
    assert taught() == {"Benign/b.png": "benign"}
    assert left() == {(*pks(["Benign/a.png"]), "contradicted", BOTH)}
    sources = Sources(confirmed=False, datasets=(dataset.pk,))
    snapshot = snapshot_freeze("synthetic", by=adam, sources=sources)
    (row,) = Script(adam).get(f"/api/v1/snapshots/{snapshot.pk}/exclusions/").json()["results"]
    assert (row["reason"], row["labels"]) == ("contradicted", list(BOTH))


def test_between_two_sets_too(adam: User) -> None:
    first = imported({"Benign/a.png": SAME["Benign/a.png"]}, by=adam, name="First")
    imported({"Pre/a.png": SAME["Pre/a.png"]} | pictures("Pro/c.png"), by=adam)
    assert taught() == {"Pro/c.png": "pro_b"}
    alone = Sources(confirmed=False, datasets=(first.pk,))
    assert taught(alone) == {"Benign/a.png": "benign"}, "the other set was not chosen"


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
