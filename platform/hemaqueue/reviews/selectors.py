"""Reading reviews: what was decided, what is left, and in which order to read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from hemaqueue.common.asking import asked_once
from hemaqueue.reviews.models import Amendment, Decision, Review, ReviewState, Signature
from hemaqueue.specimens.models import Case, SmearImage

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


def decisions_of(image: SmearImage) -> QuerySet[Decision]:
    """Return every reader's decision about an image, the newest first."""
    return Decision.objects.filter(image=image).select_related("reader").order_by("-at", "-pk")


def decisions_latest(images: Iterable[UUID]) -> dict[UUID, Decision]:
    """Return the decision about each image that counts: one query for a whole page."""
    return {**_latest(frozenset(images))}


@asked_once
def _latest(images: frozenset[UUID]) -> dict[UUID, Decision]:
    found = decisions_counting(Decision.objects.filter(image__in=images))
    return {one.image_id: one for one in found.select_related("reader")}


class Word(NamedTuple):
    """What counts of an image, for pages that do not say who said it."""

    choice: str
    label: str


def words_latest(images: Iterable[UUID]) -> dict[UUID, Word]:
    """Return of the decision about each image that counts what was said, and no more."""
    return {**_words(frozenset(images))}


@asked_once
def _words(images: frozenset[UUID]) -> dict[UUID, Word]:
    found = decisions_counting(Decision.objects.filter(image__in=images))
    said = found.values_list("image", "choice", "label")
    return {image: Word(choice, label) for image, choice, label in said}


def decisions_counting(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Return, of these decisions, the one about each image that counts: the newest word.

    That is the adjudicating one, unless a reader has said something since. Nothing else in the
    platform chooses between readers.
    """
    return decisions.order_by("image", "-at", "-pk").distinct("image")


def review_stamp(image: SmearImage) -> str:
    """Return a mark that changes with every decision about `image`; pages carry it back."""
    return stamp_of(decisions_of(image))


def stamp_of(decisions: Iterable[Decision]) -> str:
    """Return the mark of an image about which these are all decisions."""
    known = {one.pk: one.version for one in decisions}
    return f"{len(known)}.{sum(known.values())}.{max(known, default=0)}"


def images_undecided(case: Case) -> QuerySet[SmearImage]:
    """Return the images of a case about which nobody has decided."""
    return images_unread([case.pk])


def images_unread(cases: Collection[UUID]) -> QuerySet[SmearImage]:
    """Return the images of these cases about which nobody has decided."""
    decided = Decision.objects.filter(image=OuterRef("pk"))
    images: QuerySet[SmearImage] = SmearImage.objects.filter(case__in=cases, withdrawn_at=None)
    return images.filter(~Exists(decided))


#: The order of work: see `reviews.signals`; then the most doubtful, then who waits longest.
WORK_ORDER = ("rank", "doubt", "waiting_since", "id")


def worklist(user: User, *, state: ReviewState = ReviewState.OPEN) -> QuerySet[Review]:
    """Return the reviews in `state` that `user` may see, in the order of work."""
    found: QuerySet[Review] = Review.objects.visible_to(user).filter(state=state, images__gt=0)
    return found.select_related("case__site").order_by(*WORK_ORDER)


@asked_once
def review_of(case: Case) -> Review | None:
    return Review.objects.filter(case=case).first()


def review_revision(case: Case) -> int:
    """Return the revision of a case that is open, or was signed last."""
    found = Review.objects.filter(case=case).values_list("revision", flat=True).first()
    return found or 1


@asked_once
def signatures_of(case: Case) -> list[Signature]:
    """Return the signatures under a case, the newest revision first."""
    found = Signature.objects.filter(review__case=case).select_related("signer", "review")
    return list(found.order_by("-revision"))


def signature_standing(case: Case) -> Signature | None:
    """Return the signature under the present revision; None while it is open."""
    signatures = signatures_of(case)
    return next((one for one in signatures if one.revision == one.review.revision), None)


def amendments_of(case: Case) -> QuerySet[Amendment]:
    found = Amendment.objects.filter(review__case=case)
    return found.select_related("by").order_by("-revision")


def amendment_open(case: Case) -> Amendment | None:
    """Return the amendment that is being worked on, None where the case is not opened again."""
    if not signatures_of(case) or signature_standing(case) is not None:
        return None
    return amendments_of(case).filter(revision=F("review__revision")).first()
