"""How far learning and judging were apart, in words: reports say it in English and keep it so."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jobcontract.splits import (
    BY_PERSON,
    FIELD_DISJOINT,
    FROZEN,
    HELD_OUT,
    HELD_OUT_OF_CANDIDATE,
    IMAGE_LEVEL,
    PATIENT_DISJOINT,
    UNKNOWN,
    WHOLE,
    parts_of_split,
    without_patient,
)

WORDS: dict[str, Promise] = {
    FROZEN: _("frozen test set: no run of this installation has learned from its groups"),
    HELD_OUT: _("groups held out of the snapshot; they chose weights and thresholds"),
    HELD_OUT_OF_CANDIDATE: _(
        "groups held out of the snapshot; they chose weights and thresholds of the candidate"
    ),
    WHOLE: _("the whole snapshot"),
    BY_PERSON: _("by patient, subject or case"),
    PATIENT_DISJOINT: _("patient-disjoint"),
    FIELD_DISJOINT: _("field-disjoint"),
    IMAGE_LEVEL: _("image-level (optimistic)"),
    UNKNOWN: _("unknown"),
}


def split_words(split: str) -> str:
    """Return a report's split in the reader's language."""
    caveat, apart = parts_of_split(split)
    return "; ".join(_said(one) for one in (caveat, apart) if one)


def _said(part: str) -> str:
    if counts := without_patient(part):
        return gettext(
            "field-disjoint (optimistic): no patient is known of %(unknown)d of %(all)d images"
        ) % {"unknown": counts[0], "all": counts[1]}
    return str(WORDS.get(part, part))
