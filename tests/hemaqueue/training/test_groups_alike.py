"""The same folder gives the same groups to the platform and to `./hemaqueue train`."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from hemaqueue.accounts.models import User
from tests import factories
from tests.hemaqueue.training.importing import imported, pictures, saved_darker
from training_worker.groups import with_groups
from training_worker.samples import folder_samples

pytestmark = pytest.mark.django_db
Parts = set[frozenset[str]]


def some() -> dict[str, bytes | str]:
    alike = {"benign/a.png": factories.picture_file(43_000), "benign/b.png": saved_darker(43_000)}
    return pictures("benign/c.png", "benign/d.png") | alike


def by_page(files: dict[str, bytes | str], *, kind: str, by: User) -> Parts:
    """Return the pictures' names by the group that an import gives them."""
    dataset = imported(files, by=by, kind=kind)
    return parts({one.name: one.group for one in dataset.images.all()})


def by_command(files: dict[str, bytes | str], *, kind: str, folder: Path) -> Parts:
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    found = with_groups(folder_samples(folder), image_kind=kind)
    return parts({one.path.relative_to(folder).as_posix(): one.group for one in found})


def parts(groups: dict[str, str]) -> Parts:
    return {
        frozenset(name for name, same in groups.items() if same == group)
        for group in groups.values()
    }


@pytest.mark.parametrize(("kind", "count"), [("synthetic", 3), ("field", 3), ("cell", 4)])
def test_by_looks(adam: User, tmp_path: Path, kind: str, count: int) -> None:
    found = by_page(some(), kind=kind, by=adam)
    assert found == by_command(some(), kind=kind, folder=tmp_path)
    assert len(found) == count


def test_by_the_manifest_s_patients_and_groups(adam: User, tmp_path: Path) -> None:
    files = pictures(*(f"benign/{name}.png" for name in "abcdef"))
    said = ["P-1,g1", "p-1,g2", ",g1", ",g1", "P-2,", ","]
    rows = [
        f"{name},benign,{hashlib.sha256(data).hexdigest()},{words}"
        for (name, data), words in zip(files.items(), said, strict=True)
    ]
    table = "\n".join(["filename,label,sha256,patient,group", *rows])
    both = files | {"manifest.csv": table}
    found = by_page(both, kind="field", by=adam)
    assert found == by_command(both, kind="field", folder=tmp_path)
    assert {len(one) for one in found} == {1, 2}
    assert len(found) == 4
