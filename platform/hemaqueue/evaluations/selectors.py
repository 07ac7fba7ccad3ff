"""Reading evaluations: of a version, of a cell of its confusion matrix, its errors."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
from django.db.models import F, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from hemaqueue.common.errors import Missing
from hemaqueue.evaluations.models import EvaluatedPicture, Evaluation, Source
from hemaqueue.predictions.classes import class_words
from hemaqueue.registry.models import ModelVersion
from hemaqueue.reviews.first_reads import images_revealed
from hemaqueue.specimens.models import SmearImage
from jobcontract.splits import FROZEN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hemaqueue.accounts.models import User


class Side(TextChoices):
    """An error of the roll-up: all malignant classes together, by the decision threshold."""

    FALSE_NEGATIVE = "false_negative", _("Malignant, called benign")
    FALSE_POSITIVE = "false_positive", _("Benign, called malignant")


SUREST_FIRST = ("-confidence", "-id")
WORST_FIRST = {Side.FALSE_NEGATIVE: ("malignant", "id"), Side.FALSE_POSITIVE: ("-malignant", "-id")}


def evaluation_list() -> QuerySet[Evaluation]:
    """Return every evaluation, the newest first."""
    return Evaluation.objects.select_related("model", "by").order_by("-at", "-pk")


def evaluations_of(version: ModelVersion) -> QuerySet[Evaluation]:
    return evaluation_list().filter(model=version)


def evaluation_get(pk: UUID) -> Evaluation:
    found = evaluation_list().filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


def evaluation_deciding(version: ModelVersion) -> Evaluation | None:
    """Return what a version's gates are read from, or None.

    The newest that was judged here on the frozen test set, else the newest of all: groups held
    out of a snapshot chose the candidate's weights, and a report may be of any pictures.
    """
    found = evaluations_of(version)
    frozen = found.filter(source=Source.WORKER, split__startswith=FROZEN)
    return frozen.first() or found.first()


def pictures_of(
    evaluation: Evaluation, *, label: str = "", named: str = "", side: str = ""
) -> QuerySet[EvaluatedPicture]:
    """Return the pictures of a side, or of a cell, the surest first; of neither: the errors."""
    if side in Side.values:
        return _pictures_on(Side(side), evaluation=evaluation)
    found = EvaluatedPicture.objects.filter(evaluation=evaluation).order_by(*SUREST_FIRST)
    if label or named:
        given = {"label": label, "named": named}
        return found.filter(**{name: value for name, value in given.items() if value})
    return found.exclude(label=F("named"))


def pictures_order(side: str) -> tuple[str, str]:
    """Return the fields that the pictures of a side, or of no side, come by."""
    return WORST_FIRST[Side(side)] if side in Side.values else SUREST_FIRST


def _pictures_on(side: Side, *, evaluation: Evaluation) -> QuerySet[EvaluatedPicture]:
    """Return the errors of the roll-up, those furthest from the truth first."""
    malignant = [code for code in evaluation.report["classes"] if class_words(code).malignant]
    found = EvaluatedPicture.objects.filter(evaluation=evaluation).order_by(*WORST_FIRST[side])
    if side is Side.FALSE_NEGATIVE:
        return found.filter(label__in=malignant, called_malignant=False)
    return found.filter(called_malignant=True).exclude(label__in=malignant)


def picture_get(pk: int) -> EvaluatedPicture:
    found = EvaluatedPicture.objects.select_related("evaluation").filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


def picture_grid(picture: EvaluatedPicture) -> NDArray[np.float32]:
    """Return the heatmap of the class named, `(rows, columns)`.

    Raises:
        Missing: the picture has none.
    """
    if not picture.rows:
        raise Missing
    flat = np.frombuffer(bytes(picture.grid), dtype=np.float16)
    return flat.reshape(picture.rows, picture.columns).astype(np.float32)


def images_by_sha256(digests: Iterable[str], *, user: User) -> dict[str, SmearImage]:
    """Return the images with these bytes whose results `user` may see."""
    found = SmearImage.objects.visible_to(user).filter(withdrawn_at=None, sha256__in=list(digests))
    shown = images_revealed(found, reader=user)
    return {image.sha256: image for image in shown.select_related("case", "site")}
