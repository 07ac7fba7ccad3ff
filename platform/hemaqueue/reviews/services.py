"""Deciding: a clinician confirms or corrects. Nothing is preset, and nothing is overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Now

from hemaqueue.audit.services import audit_record
from hemaqueue.common.columns import columns_insert
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.predictions.classes import CLASSES, class_words
from hemaqueue.predictions.selectors import prediction_of
from hemaqueue.reviews.amending import reviews_reopen
from hemaqueue.reviews.claims import claim_end, claim_hold
from hemaqueue.reviews.first_reads import first_read_keep, is_withheld
from hemaqueue.reviews.models import (
    Choice,
    ConfirmedLabel,
    Decision,
    Origin,
    Reason,
    Review,
    ReviewState,
)
from hemaqueue.reviews.reading import disputed, require_reading
from hemaqueue.reviews.referring import referral_heard
from hemaqueue.reviews.sampling import image_read_because, probability_of, reading_begun
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.reviews.sorting import reviews_place, reviews_resort
from hemaqueue.reviews.states import review_lock_open, review_settle
from hemaqueue.reviews.undoing import before
from hemaqueue.reviews.withdrawing import image_teaches

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hemaqueue.accounts.models import User
    from hemaqueue.predictions.models import Prediction
    from hemaqueue.specimens.models import Case, SmearImage


class StalePage(Conflict):
    """Somebody decided about this image since you opened it. Reload, and look again."""

    code = "stale_page"


class ReasonMissing(Refused):
    """Your choice differs from the suggestion. Say why."""

    code = "reason_required"


class NoteMissing(Refused):
    """You call an image benign that was suggested as malignant. Say in a note what you see."""

    code = "note_required"


class NotDisputed(Conflict):
    """Readers do not disagree about this image. Decide about it as about any other."""

    code = "not_disputed"


class UnknownChoice(Refused):
    """Choose a class, or uncertain, or unusable."""

    code = "unknown_choice"


@dataclass(frozen=True)
class Verdict:
    """What a reader sends. `stamp` is what their page showed: see `review_stamp`.

    One that `adjudicates` settles readers who disagree, and says why.
    """

    choice: str
    label: str = ""
    reason: str = ""
    note: str = ""
    stamp: str = ""
    seconds: float | None = None
    adjudicates: bool = False


@transaction.atomic(savepoint=False)
def reviews_open(cases: Iterable[Case]) -> None:
    """Open the review of each case that has none, and put all of them into their lanes.

    One that was decided is open again where an image of it is not decided. A signed one is opened
    as an amendment, and only where an image came that it does not cover.
    """
    wanted = sorted({case.pk: case for case in cases}.values(), key=attrgetter("pk"))
    columns_insert(
        Review,
        ignore_conflicts=True,
        case_id=[case.pk for case in wanted],
        site_id=[case.site_id for case in wanted],
    )
    reviews_place(reviews_reopen(wanted))


@transaction.atomic
def decision_record(image: SmearImage, *, verdict: Verdict, by: User) -> Decision:
    """Record what a reader says of an image.

    Raises:
        NotAllowed: it is not for this reader to decide: see `may_read`.
        UnknownChoice, ReasonMissing, NoteMissing: the verdict is not complete.
        AlreadySigned: the case is signed.
        Claimed: somebody else reads the case; a case that nobody reads is claimed.
        StalePage: somebody decided since the reader's page was made.
        NotDisputed: there is nothing to settle.
    """
    require_reading(by, case=image.case)
    review = review_lock_open(image.case)
    claim_hold(review, by=by)
    prediction = prediction_of(image)
    unseen = is_withheld(image, reader=by)
    _check(verdict, None if unseen else prediction)
    if verdict.stamp != review_stamp(image):
        raise StalePage
    if verdict.adjudicates and not disputed([image.pk]):
        raise NotDisputed
    reading_begun(review)
    decision = _write(image, review=review, verdict=verdict, by=by)
    if unseen:
        first_read_keep(decision)
    if decision.choice == Choice.LABEL:
        because = image_read_because(image, review=review)
        _confirm(decision, prediction, blind=unseen, because=because)
    referral_heard(review, by=by)
    review_settle(review)
    if review.state == ReviewState.DECIDED:
        claim_end(review)
    reviews_resort([image.case_id])
    audit_record(
        "image.adjudicate" if decision.adjudicates else "image.decide",
        by=by,
        about=image,
        choice=decision.choice,
        label=decision.label,
        reason=decision.reason,
        predicted=prediction.label if prediction else "",
        model=str(prediction.model_id) if prediction else "",
    )
    return decision


def _check(verdict: Verdict, prediction: Prediction | None) -> None:
    if verdict.choice not in Choice.values:
        raise UnknownChoice
    if verdict.choice == Choice.LABEL and verdict.label not in CLASSES:
        raise UnknownChoice
    if verdict.reason and verdict.reason not in Reason.values:
        raise ReasonMissing("Choose one of the reasons listed.")
    if _differs(verdict, prediction) and not verdict.reason:
        raise ReasonMissing
    if _calms(verdict, prediction) and not verdict.note.strip():
        raise NoteMissing
    if verdict.adjudicates and not verdict.reason:
        raise ReasonMissing("Say why you settle it so.")
    if verdict.reason == Reason.OTHER and not verdict.note.strip():
        raise ReasonMissing("Say in a note what the other reason is.")


def _differs(verdict: Verdict, prediction: Prediction | None) -> bool:
    return (
        verdict.choice == Choice.LABEL
        and prediction is not None
        and prediction.label != verdict.label
    )


def _calms(verdict: Verdict, prediction: Prediction | None) -> bool:
    """Say whether a malignant suggestion is called benign."""
    return (
        _differs(verdict, prediction)
        and prediction is not None
        and class_words(prediction.label).malignant
        and not class_words(verdict.label).malignant
    )


def _write(image: SmearImage, *, review: Review, verdict: Verdict, by: User) -> Decision:
    said = {
        "choice": verdict.choice,
        "label": verdict.label if verdict.choice == Choice.LABEL else "",
        "reason": verdict.reason,
        "note": verdict.note.strip(),
        "seconds": verdict.seconds,
        "at": Now(),
    }
    decision, made = Decision.objects.get_or_create(
        image=image,
        reader=by,
        adjudicates=verdict.adjudicates,
        defaults={"review": review} | said,
    )
    if not made:
        Decision.objects.filter(pk=decision.pk).update(
            version=decision.version + 1, previous=before(decision), **said
        )
    decision.refresh_from_db()
    return decision


def _confirm(
    decision: Decision, prediction: Prediction | None, *, blind: bool, because: str
) -> None:
    if prediction is None or blind:
        origin = Origin.BLIND
    elif prediction.label == decision.label:
        origin = Origin.CONFIRMED
    else:
        origin = Origin.CORRECTED
    label_confirm(decision, prediction, origin=origin, because=because)


def label_confirm(
    decision: Decision, prediction: Prediction | None, *, origin: Origin, because: str
) -> None:
    """Write what a decision teaches: nothing where its image was withdrawn from training."""
    ConfirmedLabel.objects.create(
        image=decision.image,
        decision=decision,
        reader=decision.reader,
        label=decision.label,
        origin=origin,
        predicted_label=prediction.label if prediction else "",
        confidence=prediction.confidence if prediction else None,
        model=prediction.model if prediction else None,
        seconds=decision.seconds,
        read_because=because,
        probability=probability_of(because),
        withdrawn_at=None if image_teaches(decision.image) else Now(),
    )
