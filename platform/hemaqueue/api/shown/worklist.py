"""A case of the worklist in the words of the interface."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from hemaqueue.accounts.models import User
from hemaqueue.api.answers import ClaimAnswer, WorklistRow
from hemaqueue.api.shown.links import link
from hemaqueue.reviews.claims import Claim, claim_of
from hemaqueue.reviews.first_reads import blind_sites
from hemaqueue.reviews.models import Review, ReviewState


def worklist_rows(reviews: Sequence[Review], *, user: User) -> list[WorklistRow]:
    blind = blind_sites(user)
    return [_row(review, blind=blind) for review in reviews]


def _row(review: Review, *, blind: set[UUID]) -> WorklistRow:
    claim = claim_answer(claim_of(review))
    late = review.due_at is not None and review.due_at <= timezone.now()
    return WorklistRow(
        case=review.case_id,
        url=link("case", review.case_id),
        accession=review.case.accession,
        site=review.site.slug,
        state=review.state,
        lane=review.lane,
        reasons=list(review.reasons),
        images=review.images,
        malignant=None if review.site_id in blind else review.malignant,
        decided=review.decided,
        waiting_since=review.waiting_since,
        due_at=review.due_at,
        overdue=late and review.state == ReviewState.OPEN,
        claimed_by=claim.claimed_by,
        claimed_until=claim.claimed_until,
    )


def claim_answer(claim: Claim | None) -> ClaimAnswer:
    if claim is None:
        return ClaimAnswer(None, None)
    return ClaimAnswer(claim.holder.username, claim.until)
