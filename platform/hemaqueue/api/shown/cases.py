"""A case in the words of the interface."""

from __future__ import annotations

import dataclasses
from collections import Counter

from hemaqueue.accounts.models import User
from hemaqueue.api.answers import CaseAnswer, CaseRow, ImageRow, RollUp, SignatureAnswer
from hemaqueue.api.shown.images import image_rows
from hemaqueue.api.shown.links import link
from hemaqueue.reports.models import Report
from hemaqueue.reviews.blockers import signing_blockers
from hemaqueue.reviews.models import Review, Signature
from hemaqueue.reviews.record import case_stamp
from hemaqueue.reviews.selectors import signature_standing, signatures_of
from hemaqueue.specimens.models import Case
from hemaqueue.specimens.selectors import case_guests, image_list


def case_row(case: Case) -> CaseRow:
    return CaseRow(
        id=case.pk,
        url=link("case", case.pk),
        accession=case.accession,
        patient=case.patient,
        site=case.site.slug,
        urgent=case.urgent,
        created_at=case.created_at,
    )


def case_answer(case: Case, *, user: User) -> CaseAnswer:
    images = image_list(user).filter(case=case).order_by("uploaded_at", "id")
    rows = image_rows(images, reader=user)
    review = Review.objects.filter(case=case).first()
    revision = review.revision if review else 1
    standing = signature_standing(case)
    reports = Report.objects.filter(case=case).order_by("-revision")
    return CaseAnswer(
        **dataclasses.asdict(case_row(case)),
        review=review.state if review else None,
        revision=revision,
        stamp=case_stamp(case, revision=revision),
        blockers=[] if standing else [one.detail for one in signing_blockers(case)],
        signatures=[signature_answer(one) for one in signatures_of(case)],
        roll_up=roll_up(rows),
        images=rows,
        reports=[link("report", one.pk) for one in reports],
        shared_with=[guest.username for guest in case_guests(case)],
    )


def signature_answer(signature: Signature) -> SignatureAnswer:
    return SignatureAnswer(
        revision=signature.revision,
        printed_name=signature.printed_name,
        meaning=signature.meaning,
        at=signature.at,
        content_sha256=signature.content_sha256,
        reason=signature.reason,
    )


def roll_up(rows: list[ImageRow]) -> RollUp:
    """Count and compare the images of a case. A decision stands before a suggestion."""
    said = [row for row in rows if row.label is not None]
    return RollUp(
        images=len(rows),
        with_result=len(said),
        decided=sum(row.decided is not None for row in rows),
        labels=dict(Counter(str(row.decided or row.label) for row in said)),
        highest_malignant=max((row.malignant or 0.0 for row in said), default=None),
        lowest_confidence=min((row.confidence or 0.0 for row in said), default=None),
    )
