"""Back to the bench: an image that cannot be read, with a note, until the bench has answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require, sites_allowing
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, Missing, Refused
from hemaqueue.notices.models import NoticeKind
from hemaqueue.notices.services import notice_give
from hemaqueue.reviews.models import Return, ReturnReason, Review
from hemaqueue.reviews.sorting import reviews_resort
from hemaqueue.reviews.states import review_lock_open
from hemaqueue.specimens.models import SmearImage

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User
    from hemaqueue.specimens.models import Case

LONGEST_NOTE = 1000


class ReturnUnexplained(Refused):
    """Choose why the image goes back; another reason needs a note."""

    code = "reason_required"


class AnswerMissing(Refused):
    """Send another image, or say in at most 1,000 characters why there is none."""

    code = "answer_required"


class AlreadyReturned(Conflict):
    """This image is at the bench already, and was not answered yet."""

    code = "already_returned"


class NotAtBench(Conflict):
    """This image does not wait at the bench any more."""

    code = "not_at_bench"


class NoReplacement(Refused):
    """An image is replaced by another one of the same case."""

    code = "bad_replacement"


def returns_open(user: User) -> QuerySet[Return]:
    """Return what waits at the benches where `user` may send images, the oldest first."""
    visible: QuerySet[Return] = Return.objects.visible_to(user)
    benches = sites_allowing(user, act=Act.UPLOAD)
    waiting = visible.filter(settled_at=None, image__site__in=benches, image__withdrawn_at=None)
    related = ("by", "image__case", "image__site", "image__slide__specimen", "image__uploaded_by")
    return waiting.select_related(*related).order_by("at")


def return_open_of(image: SmearImage) -> Return | None:
    """Return why `image` is at the bench, None where it is not."""
    waiting = Return.objects.filter(image=image, settled_at=None)
    found: Return | None = waiting.select_related("by").first()
    return found


def returns_of(case: Case) -> QuerySet[Return]:
    """Return every image of a case that was sent back, the newest first, with what came of it."""
    found: QuerySet[Return] = Return.objects.filter(image__case=case)
    return found.select_related("by", "settled_by", "image", "replacement").order_by("-at")


def return_get(user: User, *, image: SmearImage) -> Return:
    """Return why `image` is at a bench of `user`.

    Raises:
        Missing: it is not there.
    """
    found = returns_open(user).filter(image=image).first()
    if found is None:
        raise Missing
    return found


@transaction.atomic
def image_return(image: SmearImage, *, reason: str, note: str, by: User) -> Return:
    """Send an image back to who uploaded it, who is told. The case waits for their answer.

    Raises:
        NotAllowed: the role of `by` at the image's site does not include deciding.
        ReturnUnexplained: there is no reason, or none in words where it is another.
        AlreadySigned, AlreadyReturned, NotAtBench: the image is signed, there, or withdrawn.
    """
    require(by, act=Act.DECIDE, site=image.site_id)
    words = note.strip()
    if reason not in ReturnReason.values or (reason == ReturnReason.OTHER and not words):
        raise ReturnUnexplained
    review_lock_open(image.case)
    if not SmearImage.objects.filter(pk=image.pk, withdrawn_at=None).exists():
        raise NotAtBench("This image was withdrawn. Nothing is asked of the bench.")
    if return_open_of(image) is not None:
        raise AlreadyReturned
    returned: Return = Return.objects.create(
        image=image, by=by, reason=reason, note=words[:LONGEST_NOTE]
    )
    audit_record("image.return", by=by, about=image, reason=reason)
    notice_give(
        to=image.uploaded_by, kind=NoticeKind.IMAGE_RETURNED, subject=image.pk, reason=reason
    )
    reviews_resort([image.case_id])
    return returned


@transaction.atomic
def return_answer(returned: Return, *, answer: str, by: User) -> None:
    """Answer with a word that there is no better field. The image stays as it is.

    Raises:
        NotAllowed: the role of `by` at the image's site does not include uploading.
        AnswerMissing: there is no word, or there are too many.
        NotAtBench: somebody answered already.
    """
    require(by, act=Act.UPLOAD, site=returned.image.site_id)
    words = answer.strip()
    if not words or len(words) > LONGEST_NOTE:
        raise AnswerMissing
    _settle(returned, by=by, answer=words)


@transaction.atomic
def return_replace(returned: Return, *, replacement: SmearImage, by: User) -> None:
    """Answer with another image of the case. The one sent back leaves it, and stays on record.

    Raises:
        NotAllowed: the role of `by` at the image's site does not include uploading.
        NoReplacement: it is the same image, of another case, or withdrawn.
        NotAtBench: somebody answered already.
    """
    image = returned.image
    require(by, act=Act.UPLOAD, site=image.site_id)
    same_case = replacement.case_id == image.case_id and replacement.withdrawn_at is None
    if replacement.pk == image.pk or not same_case:
        raise NoReplacement
    _settle(returned, by=by, replacement=replacement)
    SmearImage.objects.filter(pk=image.pk, withdrawn_at=None).update(withdrawn_at=Now())
    audit_record("image.replace", by=by, about=image, replacement=str(replacement.pk))
    reviews_resort([image.case_id])


def return_end(image: SmearImage, *, by: User) -> None:
    """End what an image waits for at the bench: somebody withdrew it."""
    if returned := return_open_of(image):
        Return.objects.filter(pk=returned.pk).update(settled_at=Now(), settled_by=by)


def _settle(
    returned: Return, *, by: User, answer: str = "", replacement: SmearImage | None = None
) -> None:
    """Write the answer, and give the case back to the clinician who asked."""
    image = returned.image
    review = review_lock_open(image.case)
    settled = Return.objects.filter(pk=returned.pk, settled_at=None).update(
        settled_at=Now(), settled_by=by, answer=answer, replacement=replacement
    )
    if not settled:
        raise NotAtBench
    Review.objects.filter(pk=review.pk).update(claimed_by=returned.by_id, claimed_until=None)
    audit_record("return.answer", by=by, about=image, replaced=replacement is not None)
    reviews_resort([image.case_id])
