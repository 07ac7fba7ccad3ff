"""What a shipped version learned from is not kept for judging, however it came here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.pipeline.learning import frozen_wanted
from hemaqueue.training.frozen_test import NothingToFreeze
from hemaqueue.training.lessons import Sources
from hemaqueue.training.models import FrozenImage
from tests import factories
from tests.hemaqueue.training.importing import imported, pictures, saved_darker

pytestmark = pytest.mark.django_db
SHIPPED = "inference_worker/bundles/one/learned.json"


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: Any) -> Path:
    (tmp_path / SHIPPED).parent.mkdir(parents=True)
    settings.ROOT = tmp_path
    return tmp_path


def ship(root: Path, *, kind: str, **learned: Any) -> None:
    said = {"image_kind": kind, "subjects": [], "looks": []} | learned
    (root / SHIPPED).write_text(json.dumps(said))


def freeze(kind: str, *, by: User) -> set[str]:
    """Keep everything that may be kept; return the classes of it."""
    sources = Sources(confirmed=False, datasets=None)
    frozen_wanted(kind, sources=sources, percent=100, reason="To judge.", by=by)
    return set(FrozenImage.objects.values_list("label", flat=True))


def test_a_picture_that_looks_like_one_of_its_own_is_not_taken(root: Path, adam: User) -> None:
    first = imported({"Benign/a.png": factories.picture_file(45_000)}, by=adam, kind="field")
    ship(root, kind="field", looks=[first.images.get().perceptual_hash])
    with pytest.raises(NothingToFreeze):
        freeze("field", by=adam)
    copy = {"Benign/b.png": saved_darker(45_000)} | pictures("Pro/c.png")
    imported(copy, by=adam, kind="field", name="A copy")
    assert freeze("field", by=adam) == {"pro_b"}


def test_a_subject_of_its_own_is_not_taken(root: Path, adam: User) -> None:
    names = ("UID_23_1_1_all.png", "UID_H10_1_1_hem.png", "UID_99_1_1_all.png")
    imported(pictures(*names), by=adam, kind="cell")
    ship(root, kind="cell", subjects=["23", "H10"])
    assert freeze("cell", by=adam) == {"malignant"}
    assert FrozenImage.objects.get().imported.subject == "99"


def test_another_kind_of_image_is_no_matter_of_its(root: Path, adam: User) -> None:
    dataset = imported(pictures("Benign/a.png"), by=adam)
    ship(root, kind="field", looks=[dataset.images.get().perceptual_hash])
    assert freeze("synthetic", by=adam) == {"benign"}
