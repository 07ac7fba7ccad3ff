"""Cases to read, as rows: urgent first, then the least certain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import site_ids, sites_allowing
from hemaqueue.predictions.models import Prediction
from hemaqueue.predictions.selectors import predictions_latest
from hemaqueue.reviews.models import Decision, Review, ReviewState
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.shown.cases import is_malignant
from hemaqueue.web.shown.chips import Chip
from hemaqueue.web.shown.flags import codes_of, flag_chips
from hemaqueue.web.shown.rows import specimen_line
from hemaqueue.web.shown.suggestions import Suggestion, suggestion


@dataclass(frozen=True)
class CaseRow:
    url: str
    start_url: str
    act: str
    thumb: str
    accession: str
    line: str
    at: datetime
    rollup: str
    said: Suggestion | None
    flags: list[Chip]
    read: str


def cases_to_read(user: User, *, state: ReviewState = ReviewState.OPEN) -> QuerySet[Review]:
    """Return the open reviews that `user` may decide, unordered: quick to count."""
    sites = sites_allowing(user, act=Act.DECIDE)
    found: QuerySet[Review] = Review.objects.visible_to(user).filter(
        state=state, case__site__in=sites
    )
    return found


def worklist_rows(reviews: Sequence[Review], *, user: User) -> list[CaseRow]:
    """Return the rows of a page: three queries for all of them."""
    cases = [review.case_id for review in reviews]
    images: dict[UUID, list[SmearImage]] = {pk: [] for pk in cases}
    found = SmearImage.objects.filter(case__in=cases, withdrawn_at=None)
    for image in found.select_related("site", "slide__specimen").order_by("uploaded_at", "id"):
        images[image.case_id].append(image)
    with_site = len(site_ids(user)) != 1
    ids = [image.pk for group in images.values() for image in group]
    said = predictions_latest(ids)
    decided = set(Decision.objects.filter(image__in=ids).values_list("image_id", flat=True))
    return [
        _row(
            review,
            images=images[review.case_id],
            said=said,
            decided=decided,
            with_site=with_site,
        )
        for review in reviews
        if images[review.case_id]
    ]


def _row(
    review: Review,
    *,
    images: list[SmearImage],
    said: dict[UUID, Prediction],
    decided: set[UUID],
    with_site: bool,
) -> CaseRow:
    known = [(image, said[image.pk]) for image in images if image.pk in said]
    doubtful = min(known, key=lambda pair: _clearness(pair[1]), default=None)
    shown = doubtful[0] if doubtful else images[0]
    unread = [image for image in images if image.pk not in decided]
    start = next((i for i in unread if i.pk == shown.pk), unread[0] if unread else shown)
    malignant = sum(is_malignant(one) for _image, one in known)
    read = len(images) - len(unread)
    counts = {"k": malignant, "n": len(images)}
    case_url = reverse("case", args=[review.case_id])
    to_sign = review.state == ReviewState.DECIDED
    return CaseRow(
        url=case_url,
        start_url=case_url if to_sign else reverse("image", args=[start.pk]),
        act=_("To sign") if to_sign else _("Resume") if read else _("Start"),
        thumb=reverse("image_thumbnail", args=[shown.pk]),
        accession=review.case.accession,
        line=specimen_line(shown, with_site=with_site),
        at=review.case.created_at,
        rollup=_("%(k)d of %(n)d malignant") % counts,
        said=suggestion(doubtful[1]) if doubtful else None,
        flags=_flags(review, images=images, said=said),
        read=_("%(k)d of %(n)d") % {"k": read, "n": len(images)},
    )


def _clearness(prediction: Prediction) -> tuple[bool, float]:
    """Sort uncertain ones first, then by how little the named class stands out."""
    return not prediction.is_uncertain, prediction.confidence


def _flags(review: Review, *, images: list[SmearImage], said: dict[UUID, Prediction]) -> list[Chip]:
    codes: dict[str, None] = {}
    for image in images:
        codes |= dict.fromkeys(codes_of(image, said.get(image.pk)))
    urgent = [Chip("failed", "exclamation-octagon", _("Urgent"))] if review.case.urgent else []
    return urgent + flag_chips(codes)
