"""Sentences that were stored, or raised, in the language of whoever reads them now."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext

from jobcontract.image_refusals import REFUSALS


def told(detail: str, *, code: str = "", otherwise: Promise | str = "") -> str:
    """Return `detail` in the reader's language.

    A sentence with numbers of its own is in no catalogue: it gives way to what its code means,
    or to `otherwise`.
    """
    if not detail:
        return ""
    said = gettext(detail)
    if said != detail or (get_language() or "en").startswith("en"):
        return said
    known = REFUSALS.get(code)
    return f"{gettext(known.title)}." if known else str(otherwise) or detail


def advised(detail: str, *, code: str) -> str:
    """Return what happened and what to do next, in the reader's language."""
    known = REFUSALS.get(code)
    advice = gettext(known.advice) if known else ""
    return f"{told(detail, code=code)} {advice}".strip()
