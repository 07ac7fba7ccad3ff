"""Signing a case: by a clinician of its site, over exactly what their page showed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.reviews.blockers import Blocker, signing_blockers
from hemaqueue.reviews.claims import Claimed, claim_end, claim_of
from hemaqueue.reviews.models import (
    Amendment,
    Meaning,
    Review,
    ReviewState,
    Signature,
)
from hemaqueue.reviews.record import case_record, record_text, text_sha256
from hemaqueue.reviews.services import StalePage
from hemaqueue.reviews.states import review_lock_open, review_move, review_settle

if TYPE_CHECKING:
    from hemaqueue.accounts.identity import Proof
    from hemaqueue.specimens.models import Case

STATEMENT = "I have reviewed these images and take responsibility for this report."


class NotReady(Conflict):
    """The case cannot be signed yet."""

    code = "not_ready"

    def __init__(self, blockers: list[Blocker]) -> None:
        self.blockers = blockers
        self.errors = [
            {"field": str(one.image or ""), "code": one.code, "detail": one.detail}
            for one in blockers
        ]
        super().__init__("The case cannot be signed yet: " + " ".join(b.detail for b in blockers))


class MeaningMissing(Refused):
    """Say what your signature means: reviewed, or approved."""

    code = "meaning_required"


@transaction.atomic
def review_sign(case: Case, *, proof: Proof, meaning: str, stamp: str) -> Signature:
    """Sign the revision of `case` that is open. `stamp` is what the signer's page showed.

    Raises:
        NotAllowed: the signer's role at the case's site does not include signing.
        MeaningMissing: `meaning` is none of the meanings.
        AlreadySigned: somebody has signed it.
        Claimed: somebody else reads the case at the moment.
        NotReady: something has to be done before; `blockers` lists it.
        StalePage: something changed since the signer's page was made.
    """
    by = proof.user
    require(by, act=Act.SIGN, site=case.site_id)
    if meaning not in Meaning.values:
        raise MeaningMissing
    review = review_lock_open(case)
    standing = claim_of(review)
    if standing and standing.holder != by:
        raise Claimed(standing)
    if blockers := signing_blockers(case):
        raise NotReady(blockers)
    content = record_text(case_record(case, revision=review.revision))
    if text_sha256(content) != stamp:
        raise StalePage("The case changed since you opened this page. Reload, and look again.")
    return _write(review, proof=proof, meaning=meaning, content=content)


def _write(review: Review, *, proof: Proof, meaning: str, content: str) -> Signature:
    amendment = Amendment.objects.filter(review=review, revision=review.revision).first()
    signature: Signature = Signature.objects.create(
        review=review,
        revision=review.revision,
        signer=proof.user,
        printed_name=proof.user.printed_name,
        meaning=meaning,
        content=content,
        content_sha256=text_sha256(content),
        reason=amendment.reason if amendment else "",
    )
    signature.refresh_from_db()
    review_settle(review)
    review_move(review, to=ReviewState.AMENDED if amendment else ReviewState.SIGNED)
    claim_end(review)
    audit_record(
        "case.sign",
        by=proof.user,
        about=review.case,
        revision=review.revision,
        meaning=meaning,
        content_sha256=signature.content_sha256,
    )
    return signature
