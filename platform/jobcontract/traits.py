"""What a manifest may say of a picture besides its class: by these, figures are parted."""

from __future__ import annotations

from collections.abc import Mapping

AGE = "age"
AGES = (AGE, "age_band")
"""The columns that tell an age: in years, or as a band."""

TRAITS = ("site", "stain", "device", "scanner", "sex", AGE)
UNKNOWN = "unknown"
OLDER = "65 and over"
BANDS = {18: "0-17", 40: "18-39", 65: "40-64"}
"""The band below each age, in years."""

SUBJECTS = ("patient", "subject", "patient_id", "subject_id")
"""The columns that name a patient by a pseudonym: no figures are parted by them."""

OLDEST = 150
LONGEST = 40


def age_band(age: str) -> str:
    """Return the band of an age in years, or the band itself.

    Anything else is UNKNOWN and is told nowhere: it may be a date of birth.
    """
    if age in {*BANDS.values(), OLDER}:
        return age
    try:
        years = float(age)
    except ValueError:
        return UNKNOWN
    if not 0 <= years < OLDEST:
        return UNKNOWN
    return next((band for limit, band in BANDS.items() if years < limit), OLDER)


def traits_kept(said: Mapping[str, str]) -> dict[str, str]:
    """Return what is known of TRAITS in a row of a manifest: one line each, ages as bands."""
    found = {one: _line(said.get(one, "")) for one in TRAITS}
    found[AGE] = age_band(found[AGE])
    return {one: value for one, value in found.items() if value not in ("", UNKNOWN)}


def _line(value: str) -> str:
    text = "".join(one if one.isprintable() else " " for one in value)
    return " ".join(text.split())[:LONGEST]
