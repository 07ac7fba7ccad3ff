"""Importing a folder from the command line, and going on where that was cut off."""

from __future__ import annotations

import io
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.pipeline.learning import dataset_wanted
from hemaqueue.training import datasets
from hemaqueue.training.dataset_selectors import dataset_state
from hemaqueue.training.datasets import ImportBegan, NoArchive, dataset_discard
from hemaqueue.training.models import Dataset, DatasetImage
from tests.hemaqueue.training.importing import looked_over, pictures
from tests.people import logged_in

pytestmark = pytest.mark.django_db
GIVEN = {"name": "Folder", "kind": "synthetic", "by": "adam"}
NAMES = ("Benign/a.png", "Benign/b.png", "Early/c.png", "Weird/d.png")


def folder(root: Path) -> str:
    for name, data in pictures(*NAMES).items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(data)
    return str(root)


@pytest.fixture
def half(adam: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """An import that was interrupted after two of its pictures."""
    keep = datasets._keep

    def interrupted(dataset: Dataset, *args: Any, **more: Any) -> None:
        if dataset.images.count() == 2:
            raise KeyboardInterrupt
        keep(dataset, *args, **more)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(datasets, "_keep", interrupted)
        call_command("import_dataset", folder(tmp_path), classes=["Weird=pro_b"], **GIVEN)
    return Dataset.objects.get()


def test_the_command_imports_a_folder_and_says_first_what_lies_in_it(
    adam: User, tmp_path: Path
) -> None:
    said, given = io.StringIO(), [folder(tmp_path)]
    call_command("import_dataset", *given, dry_run=True, stdout=said, **GIVEN)
    assert "Weird: 1 -> -" in said.getvalue()
    assert not DatasetImage.objects.exists()
    call_command("import_dataset", *given, classes=["Weird=pro_b"], stdout=said, **GIVEN)
    assert "4 imported" in said.getvalue()
    labels = set(DatasetImage.objects.values_list("label", flat=True))
    assert labels == {"benign", "early_pre_b", "pro_b"}
    with pytest.raises(CommandError, match="class_unknown"):
        call_command("import_dataset", *given, classes=["Weird=cat"], **GIVEN)
    with pytest.raises(CommandError, match="Nobody"):
        call_command("import_dataset", *given, **(GIVEN | {"by": "nobody"}))
    with pytest.raises(CommandError, match="name_required"):
        call_command("import_dataset", *given, **(GIVEN | {"name": ""}))


def test_an_import_that_was_cut_off_goes_on(half: Dataset, tmp_path: Path) -> None:
    assert (half.images.count(), dataset_state(half)) == (2, "importing")
    said = io.StringIO()
    call_command("import_dataset", str(tmp_path), resume=str(half.pk), by="adam", stdout=said)
    half.refresh_from_db()
    assert dataset_state(half) == "imported"
    assert half.images.count() == 4
    labels = {one.name: one.label for one in half.images.all()}
    assert labels["Weird/d.png"] == "pro_b", "as it was said at first"
    assert half.faults.count() == 0
    assert Dataset.objects.count() == 1
    with pytest.raises(CommandError, match="import_began"):
        call_command("import_dataset", str(tmp_path), resume=str(half.pk), by="adam")


def test_what_goes_on_is_not_said_anew(half: Dataset, adam: User, tmp_path: Path) -> None:
    given: dict[str, Any] = {"resume": str(half.pk), "by": "adam"}
    for more in ({"dry_run": True}, {"classes": ["Weird=benign"]}):
        with pytest.raises(CommandError, match="without --dry-run and --class"):
            call_command("import_dataset", str(tmp_path), **(given | more))
    with pytest.raises(CommandError, match="not_found"):
        call_command("import_dataset", str(tmp_path), **(given | {"resume": str(uuid.uuid4())}))
    from_zip = looked_over(by=adam)
    with pytest.raises(CommandError, match="came as a ZIP"):
        call_command("import_dataset", str(tmp_path), **(given | {"resume": str(from_zip.pk)}))
    assert half.images.count() == 2


def test_its_page_offers_no_import_but_the_command(half: Dataset, adam: User) -> None:
    shown = logged_in(adam).get(reverse("dataset", args=[half.pk])).content.decode()
    assert "Import it" not in shown
    assert "Throw it away" not in shown
    assert f"--resume {half.pk}" in shown
    with pytest.raises(NoArchive):
        dataset_wanted(half, names={}, by=adam)
    with pytest.raises(ImportBegan):
        dataset_discard(half, by=adam)


def test_a_folder_of_which_nothing_was_taken_is_thrown_away(adam: User) -> None:
    empty = looked_over(by=adam, size=0)
    page = reverse("dataset", args=[empty.pk])
    assert "Throw it away" in logged_in(adam).get(page).content.decode()
    logged_in(adam).post(reverse("dataset_discard", args=[empty.pk]))
    empty.refresh_from_db()
    assert empty.discarded_at
