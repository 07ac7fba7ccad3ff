"""Cases as rows of the worklist, in the order of the queue they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.selectors import site_ids
from hemaqueue.common.wording import said_once
from hemaqueue.reviews.claims import claim_of
from hemaqueue.reviews.faces import Face, case_faces
from hemaqueue.reviews.models import Review, ReviewState
from hemaqueue.reviews.queue import Queue
from hemaqueue.reviews.selectors import images_unread
from hemaqueue.web.addresses import small_thumbnail, url_of
from hemaqueue.web.shown.claims import reader_line
from hemaqueue.web.shown.numbers import duration, images_word
from hemaqueue.web.shown.reasons import reasons_drawn, reasons_of
from hemaqueue.web.shown.rows import slide_line
from hemaqueue.web.shown.suggestions import Suggestion, headline


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
    reasons: SafeString
    reader: str


def worklist_rows(
    reviews: Sequence[Review], *, user: User, queue: Queue | None = None
) -> list[CaseRow]:
    """Return the rows of a page: as many queries for fifty as for one."""
    page = _Page(
        user=user,
        with_site=len(site_ids(user)) != 1,
        faces=case_faces([one.case_id for one in reviews], reader=user),
        unread=_unread(reviews),
        carried=f"?queue={queue.token}" if queue else "",
    )
    return [_row(review, page=page) for review in reviews if review.case_id in page.faces]


def _unread(reviews: Sequence[Review]) -> dict[UUID, list[UUID]]:
    """Return the images that are left in the cases that somebody began."""
    begun = [one.case_id for one in reviews if 0 < one.decided < one.images]
    unread: dict[UUID, list[UUID]] = {case: [] for case in begun}
    left = images_unread(begun).order_by("uploaded_at", "id")
    for case, image in left.values_list("case", "pk"):
        unread[case].append(image)
    return unread


@dataclass(frozen=True)
class _Page:
    """What the rows of a page have in common."""

    user: User
    with_site: bool
    faces: dict[UUID, Face]
    unread: dict[UUID, list[UUID]]
    carried: str


def _row(review: Review, *, page: _Page) -> CaseRow:
    face = page.faces[review.case_id]
    start_url, act, plain = _button(review, face=face, page=page)
    site = review.site.name if page.with_site else ""
    now = timezone.now()
    since, due = review.waiting_since, review.due_at
    late = bool(due and due <= now and review.state == ReviewState.OPEN)
    return CaseRow(
        url=url_of("case", review.case_id),
        start_url=start_url,
        act=act,
        plain=plain,
        thumb=small_thumbnail(face.image),
        accession=review.case.accession,
        line=slide_line(face.specimen, face.stain, site=site),
        age=duration(now - since) if since else "",
        limit=_("limit %s") % duration(due - since) if late and since and due else "",
        late=late,
        rollup=_rollup(review.images, malignant=review.malignant if face.said else None),
        said=headline(face.said) if face.said else None,
        reasons=reasons_drawn(tuple(reasons_of(review))),
        reader=reader_line(review, user=page.user),
    )


def _button(review: Review, *, face: Face, page: _Page) -> tuple[str, str, bool]:
    """Return where the row's one button leads, its word, and whether it only shows."""
    if review.state != ReviewState.OPEN:
        to_sign = review.state == ReviewState.DECIDED
        url = url_of("case", review.case_id)
        return url, _("To sign") if to_sign else _("View"), not to_sign
    unread = page.unread.get(review.case_id)
    start = unread[0] if unread and face.image not in unread else face.image
    url = url_of("image", start) + page.carried
    claim = claim_of(review)
    if claim and claim.holder != page.user:
        return url, _("View"), True
    begun = claim is not None or review.decided > 0
    return url, _("Resume") if begun else _("Start"), False


@said_once
def _rollup(images: int, *, malignant: int | None) -> str:
    """Return "2 of 5 malignant"; only the number of images where suggestions are kept back."""
    if malignant is None:
        return images_word(images)
    return _("%(k)d of %(n)d malignant") % {"k": malignant, "n": images}
