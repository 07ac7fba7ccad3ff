"""A signature as it is printed, with what an amendment changed, by whom and why."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hemaqueue.reports import words
from hemaqueue.reports.content import SignatureContent
from hemaqueue.reviews.changes import Change, Kind
from hemaqueue.reviews.checking import changes_since_before
from hemaqueue.reviews.models import Amendment, Signature
from hemaqueue.reviews.signing import STATEMENT


def signature_content(signature: Signature) -> SignatureContent:
    amendment = (
        Amendment.objects.filter(review=signature.review_id, revision=signature.revision)
        .select_related("by")
        .first()
    )
    by = amendment.by.printed_name if amendment and amendment.by else _("the system")
    return SignatureContent(
        name=words.straight(signature.printed_name),
        meaning=str(signature.get_meaning_display()),
        at=words.moment(signature.at),
        statement=str(STATEMENT),
        sha256=signature.content_sha256,
        revision=signature.revision,
        reason=words.straight(signature.reason),
        opened_by=words.straight(by) if amendment else "",
        opened=words.moment(amendment.at) if amendment else "",
        changes=[change_words(one) for one in changes_since_before(signature)],
    )


def change_words(change: Change) -> str:
    """Return one change as a sentence."""
    values = {
        "n": change.number,
        "before": change.before or _("not read"),
        "after": change.after or _("not read"),
    }
    sentence = {
        Kind.ADDED: _("Image %(n)d was added, read as: %(after)s."),
        Kind.GONE: _("Image %(n)d of the former revision was withdrawn."),
        Kind.FILE: _("Image %(n)d: its file or its specimen is another one."),
        Kind.DECISION: _("Image %(n)d: %(before)s became %(after)s."),
        Kind.SUGGESTION: _("Image %(n)d: the suggestion is another one."),
        Kind.CASE: _("The accession or the patient's pseudonym is another one."),
    }[change.kind]
    if change.kind is Kind.DECISION and change.before == change.after:
        sentence = _("Image %(n)d: read again, as %(after)s as before.")
    return sentence % values
