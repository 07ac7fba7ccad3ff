"""Why pictures were named wrongly: codes that people give to the errors of an evaluation.

The evaluation stays as it is. Each person's newest word on a picture counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.evaluations.models import ErrorReading, ErrorReason, EvaluatedPicture
from hemaqueue.predictions.classes import class_words

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User

UNREAD = "none"  # asks for the errors of which nobody said why


class ReasonMissing(Refused):
    """Choose one reason at least."""

    code = "reason_required"


class ReasonUnknown(Refused):
    """Choose one of the reasons listed."""

    code = "reason_unknown"


class NoError(Conflict):
    """This picture was named rightly. There is nothing to give a reason for."""

    code = "no_error"


class ReadingUnchanged(Conflict):
    """You said this already. Nothing was changed."""

    code = "reading_unchanged"


def is_error(picture: EvaluatedPicture) -> bool:
    """Say whether a picture was named, or called by the roll-up, other than it is."""
    malignant = class_words(picture.label).malignant
    return picture.label != picture.named or malignant != picture.called_malignant


@transaction.atomic
def error_read(picture: EvaluatedPicture, *, reasons: Sequence[str], by: User) -> ErrorReading:
    """Note why `by` thinks that a picture was named wrongly; no reasons take back former ones.

    Raises:
        ReasonUnknown, ReasonMissing: a code is not listed, or there is nothing to take back.
        NoError: it was named rightly.
        ReadingUnchanged: `by` said so before.
    """
    given = [code for code in ErrorReason.values if code in reasons]
    if not set(reasons) <= set(given):
        raise ReasonUnknown
    if not is_error(picture):
        raise NoError
    EvaluatedPicture.objects.select_for_update().get(pk=picture.pk)  # one word after another
    former = _holding().filter(picture=picture, by=by).first()
    if not given and former is None:
        raise ReasonMissing
    if former and former.reasons == given:
        raise ReadingUnchanged
    made: ErrorReading = ErrorReading.objects.create(picture=picture, by=by, reasons=given)
    made.refresh_from_db()
    audit_record("evaluation.read_error", by=by, about=picture, reasons=given)
    return made


def _holding() -> QuerySet[ErrorReading]:
    """Return the words that count: the newest of each person on a picture, if not taken back."""
    later = ErrorReading.objects.filter(
        picture=OuterRef("picture"), by=OuterRef("by"), pk__gt=OuterRef("pk")
    )
    return ErrorReading.objects.filter(~Exists(later)).exclude(reasons=[])


def readings_of(picture: EvaluatedPicture) -> QuerySet[ErrorReading]:
    """Return everything that was said of a picture, the newest first."""
    found = ErrorReading.objects.filter(picture=picture).select_related("by")
    return found.order_by("-at", "-pk")


def readings_holding(pictures: Iterable[EvaluatedPicture]) -> dict[int, list[ErrorReading]]:
    """Return the words that count of each picture, by its key: one query for a page."""
    found = _holding().filter(picture__in=[one.pk for one in pictures])
    said: dict[int, list[ErrorReading]] = {}
    for reading in found.select_related("by").order_by("pk"):
        said.setdefault(reading.picture_id, []).append(reading)
    return said


def pictures_read(
    pictures: QuerySet[EvaluatedPicture], *, reason: str
) -> QuerySet[EvaluatedPicture]:
    """Return those that bear a reason, or `UNREAD`: those that bear none; "" leaves all.

    Raises:
        ReasonUnknown: there is no such reason.
    """
    said = _holding().filter(picture=OuterRef("pk"))
    if not reason:
        return pictures
    if reason == UNREAD:
        return pictures.filter(~Exists(said))
    if reason not in ErrorReason.values:
        raise ReasonUnknown
    return pictures.filter(Exists(said.filter(reasons__contains=[reason])))


def reasons_counted(pictures: QuerySet[EvaluatedPicture]) -> dict[str, int]:
    """Return how many of these pictures bear each reason and, as `UNREAD`, how many bear none.

    A picture counts once for each reason, however many people gave it.
    """
    found = _holding().filter(picture__in=pictures.order_by().values("pk"))
    rows = found.values_list("picture", "reasons")
    said = {(picture, code) for picture, codes in rows for code in codes}
    counts = Counter(code for _, code in said)
    read = len({picture for picture, _ in said})
    return {code: counts[code] for code in ErrorReason.values} | {UNREAD: pictures.count() - read}
