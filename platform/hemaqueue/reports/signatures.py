"""A signature as it is printed, with what an amendment changed, by whom and why."""

from __future__ import annotations

from hemaqueue.reports import words
from hemaqueue.reports.content import SignatureContent
from hemaqueue.reviews.changes import Change, Kind
from hemaqueue.reviews.checking import changes_since_before
from hemaqueue.reviews.models import Amendment, Signature
from hemaqueue.reviews.signing import STATEMENT

NOBODY = "the system"


def signature_content(signature: Signature) -> SignatureContent:
    amendment = (
        Amendment.objects.filter(review=signature.review_id, revision=signature.revision)
        .select_related("by")
        .first()
    )
    by = amendment.by.printed_name if amendment and amendment.by else NOBODY
    return SignatureContent(
        name=signature.printed_name,
        meaning=str(signature.get_meaning_display()),
        at=words.moment(signature.at),
        statement=STATEMENT,
        sha256=signature.content_sha256,
        revision=signature.revision,
        reason=signature.reason,
        opened_by=by if amendment else "",
        opened=words.moment(amendment.at) if amendment else "",
        changes=[change_words(one) for one in changes_since_before(signature)],
    )


def change_words(change: Change) -> str:
    """Return one change as a sentence."""
    image = f"Image {change.number}"
    return {
        Kind.ADDED: f"{image} was added, read as {change.after or 'nothing yet'}.",
        Kind.GONE: f"Image {change.number} of the former revision was withdrawn.",
        Kind.FILE: f"{image}: its file or its specimen is another one.",
        Kind.DECISION: _decision(image, change),
        Kind.SUGGESTION: f"{image}: the suggestion is another one.",
        Kind.CASE: "The accession or the patient's pseudonym is another one.",
    }[change.kind]


def _decision(image: str, change: Change) -> str:
    before, after = change.before or "not read", change.after or "not read"
    if before == after:
        return f"{image}: read again, as {after} as before."
    return f"{image}: {before} became {after}."
