"""Figures by subgroup: each further column of the manifest (sex, device …) parts the set.

A column `age`, in years, parts it by bands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from training_worker.groups import manifest_rows, sha256_of
from training_worker.samples import Sample
from training_worker.verdicts import Verdicts

NO_SUBGROUPS = {"dataset", "split", "class", "filename", "sha256", "group", "patient", "subject",
                "probability"}  # fmt: skip
UNKNOWN = "unknown"
AGE = "age"
OLDER = "65 and over"
BANDS = {18: "0-17", 40: "18-39", 65: "40-64"}
"""The band below each age, in years."""

Traits = dict[str, list[str]]


def traits_of(samples: Sequence[Sample]) -> Traits:
    """Return each subgroup column with the samples' values; {} where the data names none."""
    known = manifest_rows(samples[0].path)
    columns = sorted({name for row in known.values() for name in row} - NO_SUBGROUPS)
    if not columns:
        return {}
    rows = [known.get(sha256_of(sample.path), {}) for sample in samples]
    found = {column: [row.get(column) or UNKNOWN for row in rows] for column in columns}
    return found | {AGE: list(map(age_band, found[AGE]))} if AGE in found else found


def age_band(age: str) -> str:
    """Return the band of an age in years; what is no number is a band by itself."""
    try:
        years = float(age)
    except ValueError:
        return age
    return next((band for limit, band in BANDS.items() if years < limit), OLDER)


def subgroup_figures(verdicts: Verdicts, traits: Traits) -> dict[str, dict[str, Any]]:
    """Return the brief figures of every value of every column."""
    return {
        column: {
            value: verdicts.part(np.flatnonzero(np.array(values) == value)).brief()
            for value in sorted(set(values))
        }
        for column, values in traits.items()
    }
