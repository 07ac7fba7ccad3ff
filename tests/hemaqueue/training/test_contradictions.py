"""One picture under two classes teaches neither, whoever said the one first and the other later."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.pipeline.learning import training_requested
from hemaqueue.registry.models import ModelVersion
from hemaqueue.training.contradicted import LabelsContradicted, snapshot_contradicted
from hemaqueue.training.lessons import EVERYTHING, Exclusion, Sources
from hemaqueue.training.material import material
from hemaqueue.training.models import Dataset, DatasetImage, DatasetSnapshot, TrainingRun
from hemaqueue.training.services import Order
from hemaqueue.training.snapshots import require_usable, snapshot_freeze
from hemaqueue.training.withdrawing import picture_withdraw
from tests import factories
from tests.hemaqueue.training.confirming import confirm_enough, confirmed
from tests.hemaqueue.training.importing import imported, pictures, saved_darker
from tests.people import Script, logged_in

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


@pytest.fixture
def older(serving: ModelVersion, adam: User, clara: User) -> DatasetSnapshot:
    """A snapshot of confirmed images and of a set with one benign picture."""
    confirm_enough(by=clara)
    dataset = imported({"Benign/a.png": SAME["Benign/a.png"]}, by=adam, name="First")
    return snapshot_freeze("synthetic", by=adam, sources=Sources(datasets=(dataset.pk,)))


def doubted(snapshot: DatasetSnapshot) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.label, tuple(one.labels)) for one in snapshot_contradicted(snapshot)]


def test_a_later_import_contradicts_a_snapshot_and_nothing_learns_from_it(
    older: DatasetSnapshot, adam: User
) -> None:
    imported(pictures("Pro/c.png"), by=adam, name="Others")
    assert doubted(older) == []
    require_usable(older)
    imported({"Pre/a.png": SAME["Pre/a.png"]}, by=adam, name="Later")
    assert doubted(older) == [("benign", BOTH)]
    with pytest.raises(LabelsContradicted) as refused:
        training_requested(Order("synthetic", epochs=2, snapshot=older.pk), by=adam)
    assert refused.value.code == "labels_contradicted"
    assert not TrainingRun.objects.exists()
    require_usable(snapshot_freeze("synthetic", by=adam, sources=EVERYTHING))


def test_a_later_picture_that_looks_alike_contradicts_it_until_it_is_withdrawn(
    older: DatasetSnapshot, adam: User
) -> None:
    later = imported({"Pre/a.png": saved_darker(45_000)}, by=adam, name="Later")
    assert doubted(older) == [("benign", BOTH)]
    picture_withdraw(later.images.get(), reason="It is benign.", by=adam)
    assert doubted(older) == []
    require_usable(older)


def test_a_later_word_of_a_reader_contradicts_it(
    older: DatasetSnapshot, adam: User, clara: User
) -> None:
    confirmed("pre_b", by=clara, seed=45_000)
    assert doubted(older) == [("benign", BOTH)]


def test_a_set_that_was_here_and_was_not_chosen_contradicts_nothing(
    older: DatasetSnapshot, adam: User
) -> None:
    imported({"Pre/a.png": SAME["Pre/a.png"]}, by=adam, name="Later")
    first = Dataset.objects.get(name="First")
    alone = Sources(confirmed=False, datasets=(first.pk,))
    newer = snapshot_freeze("synthetic", by=adam, sources=alone)
    assert doubted(newer) == []
    require_usable(newer)


def test_pages_and_scripts_list_what_is_contradicted(older: DatasetSnapshot, adam: User) -> None:
    page, preview = reverse("snapshot", args=[older.pk]), reverse("training_preview")
    order = {"kind": "synthetic", "epochs": "2", "snapshot": str(older.pk)}
    browser, script = logged_in(adam), Script(adam)
    assert "Of two classes by now" not in browser.get(page).content.decode()
    imported({"Pre/a.png": SAME["Pre/a.png"]}, by=adam, name="Later")
    picture = DatasetImage.objects.get(label="benign")
    shown = browser.get(page).content.decode()
    assert "1 image has another class, too, by now." in shown
    assert reverse("dataset_picture", args=[picture.pk]) in shown
    assert "<td>Benign</td><td>Benign, Pre-B</td>" in shown
    shown = browser.post(preview, order, headers={"HX-Request": "true"}).content.decode()
    assert "Pictures of the snapshot have another class, too, by now." in shown
    assert f'<a href="{page}#contradicted">1 image has another class' in shown
    (found,) = script.get(f"/api/v1/training/preview/?snapshot={older.pk}").json()["results"]
    assert (found["contradicted"], found["may_start"]) == (1, False)
    (row,) = script.get(f"/api/v1/snapshots/{older.pk}/contradicted/").json()["results"]
    assert (row["image"], row["label"]) == (str(picture.pk), "benign")
    assert row["labels"] == list(BOTH)
