"""Boxes that people drew: frozen with what teaches or judges, sealed for the worker."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.pipeline.judging import version_judged
from hemaqueue.pipeline.learning import frozen_wanted
from hemaqueue.registry.models import ModelStatus, ModelVersion
from hemaqueue.reviews.cells import Box, cell_add, cell_change
from hemaqueue.reviews.models import CellOrigin, LocatedCell
from hemaqueue.specimens.models import SmearImage
from hemaqueue.training.boxes import boxes_kept, white_cells
from hemaqueue.training.lessons import CONFIRMED_ONLY, Sources
from hemaqueue.training.models import DatasetSnapshot, FrozenAddition, FrozenImage
from hemaqueue.training.snapshots import manifest_seal, snapshot_diff, snapshot_freeze
from jobcontract.judging import EvaluateModel
from jobcontract.messages import SealedFile, TrainingImage
from jobcontract.sealing import read_shared
from tests import factories, judging
from tests.hemaqueue.training.confirming import confirm_enough
from tests.hemaqueue.training.importing import imported, pictures
from tests.people import Script, logged_in

pytestmark = pytest.mark.django_db
DRAWN = Box(0.1, 0.2, 0.4, 0.2)
SEEN = (0.3, 0.3, 0.4, 0.2)


@pytest.fixture
def image(serving: ModelVersion, clara: User) -> SmearImage:
    """One of eight confirmed images, on which a clinician drew a cell."""
    image, *_ = confirm_enough(by=clara)
    cell_add(image, box=DRAWN, label="benign", by=clara)
    return image


def sealed(snapshot: DatasetSnapshot) -> dict[str, tuple[Any, ...]]:
    """Return the boxes that a worker is given, by the picture's hash; only where there are some."""
    return boxes_in(manifest_seal(snapshot))


def boxes_in(manifest: SealedFile) -> dict[str, tuple[Any, ...]]:
    rows = [TrainingImage.from_json(one) for one in json.loads(read_shared(manifest))]
    return {one.sha256: tuple(map(tuple, one.boxes)) for one in rows if one.boxes}


def judged(version: ModelVersion, *, by: User) -> dict[str, tuple[Any, ...]]:
    """Return the boxes on which a version is judged that is ordered to be now."""
    job = version_judged(version, by=by)
    return boxes_in(EvaluateModel.from_json(job.payload).manifest)


def keep_for_judging(*, by: User) -> FrozenAddition:
    return frozen_wanted(
        "synthetic", sources=CONFIRMED_ONLY, percent=100, reason="To judge on.", by=by
    )


def test_what_a_clinician_drew_is_given_to_the_worker(image: SmearImage, adam: User) -> None:
    ((sha256, (box,)),) = sealed(snapshot_freeze("synthetic", by=adam)).items()
    assert sha256 == image.sha256
    assert box == pytest.approx(SEEN)


def test_a_snapshot_keeps_the_boxes_it_was_frozen_with(
    image: SmearImage, clara: User, adam: User
) -> None:
    older = snapshot_freeze("synthetic", by=adam)
    before = sealed(older)
    cell = LocatedCell.objects.get()
    cell_change(cell, version=1, box=Box(0.5, 0.5, 0.1, 0.1), by=clara)
    assert sealed(older) == before
    newer = snapshot_freeze("synthetic", by=adam)
    assert sealed(newer) != before
    assert newer.digest != older.digest
    assert snapshot_diff(older, newer).moved == [image.sha256]


def test_what_a_model_proposed_is_no_lesson_until_a_reader_corrects_it(
    image: SmearImage, clara: User, adam: User
) -> None:
    LocatedCell.objects.update(origin=CellOrigin.PROPOSED, by=None)
    assert sealed(snapshot_freeze("synthetic", by=adam)) == {}
    cell_change(LocatedCell.objects.get(), version=1, label="benign", by=clara)
    assert sealed(snapshot_freeze("synthetic", by=adam)).keys() == {image.sha256}


def test_of_a_data_set_s_boxes_those_of_white_cells_teach(
    serving: ModelVersion, adam: User
) -> None:
    texts = {"labels/a.txt": "0 .5 .5 .25 .25\n1 .2 .2 .1 .1\n2 .8 .8 .1 .1\n",
             "labels/b.txt": "0 .5 .5 1 1\n", "classes.txt": "Benign\nRBC\nwbc\n"}  # fmt: skip
    dataset = imported(pictures("images/a.png", "images/b.png") | texts, by=adam)
    sources = Sources(confirmed=False, datasets=(dataset.pk,))
    taught = sealed(snapshot_freeze("synthetic", by=adam, sources=sources))
    assert list(taught.values()) == [((0.5, 0.5, 0.25, 0.25), (0.8, 0.8, 0.1, 0.1))]
    assert white_cells([["benign", 0.5, 0.5, 1, 1]]) == (), "it only stands for the class"


def test_a_snapshot_of_before_has_the_boxes_of_today(image: SmearImage, adam: User) -> None:
    snapshot = snapshot_freeze("synthetic", by=adam)
    rows = list(snapshot.images.all())
    for row in rows:
        row.boxes = None
    (boxes,) = filter(None, boxes_kept(rows).values())
    assert boxes[0][1:] == pytest.approx(SEEN)


def test_a_snapshot_tells_how_many_of_its_images_have_boxes(image: SmearImage, adam: User) -> None:
    snapshot = snapshot_freeze("synthetic", by=adam)
    assert Script(adam).get(f"/api/v1/snapshots/{snapshot.pk}/").json()["boxed"] == 1
    shown = logged_in(adam).get(reverse("snapshot", args=[snapshot.pk])).content.decode()
    assert "<dt>Images with boxes</dt><dd>1</dd>" in shown


def test_versions_are_judged_on_the_boxes_that_were_frozen_with_the_test_set(
    serving: ModelVersion, image: SmearImage, clara: User, adam: User
) -> None:
    keep_for_judging(by=adam)
    ((sha256, (box,)),) = judged(serving, by=adam).items()
    assert sha256 == image.sha256
    assert box == pytest.approx(SEEN)
    cell_change(LocatedCell.objects.get(), version=1, box=Box(0.5, 0.5, 0.1, 0.1), by=clara)
    other = factories.ModelVersionFactory(name="two", status=ModelStatus.CANDIDATE)
    assert judged(other, by=adam) == {sha256: (box,)}, "the truth stays as it was frozen"


def test_a_version_is_judged_on_no_box_that_a_model_only_proposed(
    serving: ModelVersion, image: SmearImage, adam: User
) -> None:
    LocatedCell.objects.update(origin=CellOrigin.PROPOSED, by=None)
    keep_for_judging(by=adam)
    assert judged(serving, by=adam) == {}


def test_a_test_set_of_before_has_the_boxes_of_today(
    serving: ModelVersion, image: SmearImage, adam: User
) -> None:
    judging.kept_for_judging(image, kind="synthetic", by=adam)
    assert FrozenImage.objects.get().boxes is None
    assert judged(serving, by=adam).keys() == {image.sha256}


def test_the_test_set_s_digest_tells_its_boxes(
    serving: ModelVersion, image: SmearImage, adam: User
) -> None:
    with transaction.atomic():
        drawn = keep_for_judging(by=adam).digest
        transaction.set_rollback(True)
    LocatedCell.objects.update(removed_at=Now())
    assert keep_for_judging(by=adam).digest != drawn
