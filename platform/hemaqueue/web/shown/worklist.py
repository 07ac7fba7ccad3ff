"""Cases as rows of the worklist, in the order of the queue they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.selectors import site_ids
from hemaqueue.predictions.models import Prediction
from hemaqueue.reviews.claims import claim_of
from hemaqueue.reviews.first_reads import predictions_shown
from hemaqueue.reviews.models import Decision, Review, ReviewState
from hemaqueue.reviews.queue import Queue
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.shown.chips import Chip
from hemaqueue.web.shown.claims import reader_line
from hemaqueue.web.shown.flags import Check
from hemaqueue.web.shown.numbers import duration, images_word
from hemaqueue.web.shown.reasons import reason_checks, reason_chips, reasons_of
from hemaqueue.web.shown.rows import specimen_line
from hemaqueue.web.shown.suggestions import Suggestion, suggestion


@dataclass(frozen=True)
class CaseRow:
    """`late` says that it waits for longer than `limit`; `plain` that the button only shows."""

    url: str
    start_url: str
    act: str
    plain: bool
    thumb: str
    accession: str
    line: str
    age: str
    limit: str
    late: bool
    rollup: str
    said: Suggestion | None
    flags: list[Chip]
    checks: list[Check]
    reader: str


def worklist_rows(
    reviews: Sequence[Review], *, user: User, queue: Queue | None = None
) -> list[CaseRow]:
    """Return the rows of a page: as many queries for fifty as for one."""
    cases = [review.case_id for review in reviews]
    images: dict[UUID, list[SmearImage]] = {pk: [] for pk in cases}
    found = SmearImage.objects.filter(case__in=cases, withdrawn_at=None)
    for image in found.select_related("site", "slide__specimen").order_by("uploaded_at", "id"):
        images[image.case_id].append(image)
    ids = [image.pk for group in images.values() for image in group]
    page = _Page(
        user=user,
        with_site=len(site_ids(user)) != 1,
        said=predictions_shown(ids, reader=user),
        decided=set(Decision.objects.filter(image__in=ids).values_list("image_id", flat=True)),
        carried=f"?queue={queue.token}" if queue else "",
    )
    rows = [(review, images[review.case_id]) for review in reviews]
    return [_row(review, images=group, page=page) for review, group in rows if group]


@dataclass(frozen=True)
class _Page:
    """What the rows of a page have in common."""

    user: User
    with_site: bool
    said: dict[UUID, Prediction]
    decided: set[UUID]
    carried: str


def _row(review: Review, *, images: list[SmearImage], page: _Page) -> CaseRow:
    known = [(image, page.said[image.pk]) for image in images if image.pk in page.said]
    doubtful = min(known, key=lambda pair: _clearness(pair[1]), default=None)
    shown = doubtful[0] if doubtful else images[0]
    codes = reasons_of(review)
    start_url, act, plain = _button(review, images=images, shown=shown, page=page)
    now = timezone.now()
    since, due = review.waiting_since, review.due_at
    return CaseRow(
        url=reverse("case", args=[review.case_id]),
        start_url=start_url,
        act=act,
        plain=plain,
        thumb=reverse("image_thumbnail", args=[shown.pk]),
        accession=review.case.accession,
        line=specimen_line(shown, with_site=page.with_site),
        age=duration(now - since) if since else "",
        limit=_("limit %s") % duration(due - since) if since and due else "",
        late=bool(due and due <= now and review.state == ReviewState.OPEN),
        rollup=_rollup(review, known=len(known), images=len(images)),
        said=suggestion(doubtful[1]) if doubtful else None,
        flags=reason_chips(codes),
        checks=[check for check in reason_checks(codes) if check.sentence],
        reader=reader_line(review, user=page.user),
    )


def _button(
    review: Review, *, images: list[SmearImage], shown: SmearImage, page: _Page
) -> tuple[str, str, bool]:
    """Return where the row's one button leads, its word, and whether it only shows."""
    if review.state != ReviewState.OPEN:
        to_sign = review.state == ReviewState.DECIDED
        url = reverse("case", args=[review.case_id])
        return url, _("To sign") if to_sign else _("View"), not to_sign
    unread = [image for image in images if image.pk not in page.decided]
    start = next((i for i in unread if i.pk == shown.pk), unread[0] if unread else shown)
    url = reverse("image", args=[start.pk]) + page.carried
    claim = claim_of(review)
    if claim and claim.holder != page.user:
        return url, _("View"), True
    begun = claim is not None or len(unread) < len(images)
    return url, _("Resume") if begun else _("Start"), False


def _rollup(review: Review, *, known: int, images: int) -> str:
    """Return "2 of 5 malignant"; only the number of images where suggestions are kept back."""
    if not known:
        return images_word(images)
    return _("%(k)d of %(n)d malignant") % {"k": review.malignant, "n": review.images}


def _clearness(prediction: Prediction) -> tuple[bool, float]:
    """Sort uncertain ones first, then by how little the named class stands out."""
    return not prediction.is_uncertain, prediction.confidence
