"""Two versions on the same judged pictures: figures, tests, and every picture that flips.

The statistics are those of `./hemaqueue evaluate --against`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from django.db.models import Exists, OuterRef, QuerySet

from hemaqueue.common.errors import Conflict
from hemaqueue.evaluations.models import EvaluatedPicture, Evaluation
from hemaqueue.predictions.classes import class_words
from hemaqueue.registry.models import ModelVersion
from jobcontract.paired import CHANGES, Difference, McNemar, Said, change, differences, mcnemar


class NothingShared(Conflict):
    """These versions were not judged on the same images. Have both judged on the test set."""

    code = "nothing_shared"


class OtherClasses(Conflict):
    """These versions tell other classes apart: there is nothing to compare them by."""

    code = "other_classes"


class Row(NamedTuple):
    """What one version said of one picture; without `rows` there is no heatmap."""

    sha256: str
    pk: int
    group: str
    label: str
    named: str
    confidence: float
    called_malignant: bool
    rows: int


@dataclass(frozen=True)
class Flip:
    """A picture that two versions name or call otherwise; `this` and `against` said it."""

    this: Row
    against: Row
    change: str


@dataclass(frozen=True)
class Comparison:
    """`tests` are by `classes` (the class named) and `malignant` (the roll-up)."""

    this: Evaluation
    against: Evaluation
    n: int
    tests: dict[str, McNemar]
    differences: dict[str, Difference]
    flips: list[Flip]

    def flipped(self, change: str) -> list[Flip]:
        return [one for one in self.flips if one.change == change]


Pair = tuple[Evaluation, Evaluation]


def pairs_of(version: ModelVersion, other: ModelVersion) -> list[Pair]:
    """Return the newest evaluations of both for each set of pictures they share, newest first."""
    theirs = {one.data_digest: one for one in reversed(_judged(other))}
    mine = {one.data_digest: one for one in reversed(_judged(version))}
    shared = [(one, theirs[digest]) for digest, one in mine.items() if digest in theirs]
    return sorted(shared, key=lambda pair: pair[0].at, reverse=True)


def pair_get(version: ModelVersion, other: ModelVersion, *, data: str = "") -> Pair:
    """Return the newest pair, or that on the pictures whose digest begins with `data`.

    Raises:
        NothingShared: there is none.
    """
    found = [pair for pair in pairs_of(version, other) if pair[0].data_digest.startswith(data)]
    if not found:
        raise NothingShared
    return found[0]


def versions_comparable(version: ModelVersion) -> QuerySet[ModelVersion]:
    """Return the other versions that were judged on pictures on which this one was."""
    mine = [one.data_digest for one in _judged(version)]
    theirs = _with_pictures().filter(data_digest__in=mine).values("model")
    return ModelVersion.objects.filter(pk__in=theirs).exclude(pk=version.pk)


def comparison_of(this: Evaluation, against: Evaluation) -> Comparison:
    """Return what tells two versions apart on the pictures that both were judged on.

    Raises:
        OtherClasses: they do not know the same classes.
        NothingShared: they have no picture in common.
    """
    if this.report["classes"] != against.report["classes"]:
        raise OtherClasses
    mine, theirs = _rows(this), _rows(against)
    shared = [digest for digest in mine if digest in theirs]
    if not shared:
        raise NothingShared
    codes = list(this.report["classes"])
    one, other = (_said([rows[d] for d in shared], codes=codes) for rows in (mine, theirs))
    groups = [mine[digest].group or digest for digest in shared]
    return Comparison(
        this=this,
        against=against,
        n=len(shared),
        tests={
            "classes": mcnemar(one.right, other.right),
            "malignant": mcnemar(one.called == one.malignant, other.called == other.malignant),
        },
        differences=differences(one, other, groups=groups),
        flips=_flips([(mine[digest], theirs[digest]) for digest in shared]),
    )


def _judged(version: ModelVersion) -> list[Evaluation]:
    """Return the evaluations of a version whose pictures are kept, the newest first."""
    found = _with_pictures().filter(model=version).exclude(data_digest="")
    return list(found.select_related("model", "by").order_by("-at", "-pk"))


def _with_pictures() -> QuerySet[Evaluation]:
    kept = EvaluatedPicture.objects.filter(evaluation=OuterRef("pk"))
    return Evaluation.objects.filter(Exists(kept))


def _rows(evaluation: Evaluation) -> dict[str, Row]:
    pictures = evaluation.pictures.order_by("sha256").values_list(*Row._fields)
    return {found[0]: Row(*found) for found in pictures}


def _said(rows: list[Row], *, codes: list[str]) -> Said:
    return Said(
        labels=np.array([codes.index(row.label) for row in rows], np.int64),
        named=np.array([codes.index(row.named) for row in rows], np.int64),
        confidence=np.array([row.confidence for row in rows], np.float64),
        malignant=np.array([class_words(row.label).malignant for row in rows], np.bool_),
        called=np.array([row.called_malignant for row in rows], np.bool_),
    )


def _flips(pairs: list[tuple[Row, Row]]) -> list[Flip]:
    """Return what is named or called otherwise: what got worse first, the surest of it first."""
    found = [
        Flip(one, other, change(one.named == one.label, other.named == other.label))
        for one, other in pairs
        if (one.named, one.called_malignant) != (other.named, other.called_malignant)
    ]
    return sorted(found, key=lambda flip: (CHANGES.index(flip.change), -flip.this.confidence))
