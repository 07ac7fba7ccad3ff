"""How what judges is kept apart from what taught: workers say it, pages put it into words."""

from __future__ import annotations

import re

PATIENT_DISJOINT = "patient-disjoint"
FIELD_DISJOINT = "field-disjoint"
IMAGE_LEVEL = "image-level (optimistic)"
UNKNOWN = "unknown"

FROZEN = "frozen test set: no run of this installation has learned from its groups"
HELD_OUT = "groups held out of the snapshot; they chose weights and thresholds"
HELD_OUT_OF_CANDIDATE = f"{HELD_OUT} of the candidate"
WHOLE = "the whole snapshot"
CAVEATS = (FROZEN, HELD_OUT_OF_CANDIDATE, HELD_OUT, WHOLE)
"""What the split of a snapshot begins with; the longer of two comes first."""

BY_PERSON = "by patient, subject or case"
BY_FIELD = f"{FIELD_DISJOINT} (optimistic): no patient is known of %d of %d images"
_BY_FIELD = re.compile(re.escape(BY_FIELD).replace("%d", r"(\d+)"))


def parts_of_split(split: str) -> tuple[str, str]:
    """Return a split's caveat, and how its groups are apart; "" for what it does not say."""
    caveat = next((one for one in CAVEATS if split.startswith(one)), "")
    return caveat, split.removeprefix(caveat).removeprefix("; ")


def without_patient(apart: str) -> tuple[int, int] | None:
    """Return of how many images no patient is known, and of how many in all, where told."""
    found = _BY_FIELD.fullmatch(apart)
    return (int(found[1]), int(found[2])) if found else None
