"""Cases that were read and signed, made through the services that the pages use."""

from __future__ import annotations

from typing import Any

from hemaqueue.accounts.identity import Proof
from hemaqueue.accounts.models import Site, User
from hemaqueue.reviews.models import Decision, ReviewPolicy, Signature
from hemaqueue.reviews.record import case_stamp
from hemaqueue.reviews.selectors import review_revision, review_stamp
from hemaqueue.reviews.services import Verdict, decision_record
from hemaqueue.reviews.signing import review_sign
from hemaqueue.specimens.models import Case, SmearImage
from tests import factories


def decision(about: SmearImage, *, by: User, choice: str = "early_pre_b") -> Decision:
    """Return what `by` decides of an image, recorded as the pages record it."""
    is_class = choice in factories.CLASSES
    verdict = Verdict(
        choice="label" if is_class else choice,
        label=choice if is_class else "",
        reason="morphology",
        note="seen at 1:1",
        stamp=review_stamp(about),
    )
    return decision_record(about, verdict=verdict, by=by)


def case_ready(*, by: User, images: int = 1, **more: Any) -> Case:
    """Return a case whose images all have a result and a decision of `by`."""
    made: Case = factories.CaseFactory(**more)
    for _ in range(images):
        one = factories.image(case=made)
        factories.prediction(one)
        decision(one, by=by)
    return made


def stamp(case: Case) -> str:
    """Return what the signing page of a case carries back."""
    return case_stamp(case, revision=review_revision(case))


def signature(case: Case, *, by: User) -> Signature:
    """Return the signature of `by` under a case that is ready."""
    return review_sign(case, proof=Proof(by), meaning="reviewed", stamp=stamp(case))


def reads_blind(site: Site) -> ReviewPolicy:
    """Make a site read blind from now on."""
    return ReviewPolicy.objects.create(
        site=site, blind_first_read=True, by=factories.adam(), reason="Automation bias"
    )
