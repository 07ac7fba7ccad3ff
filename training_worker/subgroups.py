"""Figures by subgroup: each further column of the manifest (sex, device …) parts the set.

A column `age` in years, or `age_band`, parts it by the bands of `jobcontract.traits`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from jobcontract.traits import AGE, AGES, SUBJECTS, UNKNOWN, age_band
from training_worker.groups import manifest_rows, sha256_of
from training_worker.samples import Sample
from training_worker.verdicts import Verdicts

NO_SUBGROUPS = {*SUBJECTS, "dataset", "split", "class", "label", "filename", "sha256", "group",
                "fold", "probability"}  # fmt: skip

Traits = dict[str, list[str]]


def traits_of(samples: Sequence[Sample]) -> Traits:
    """Return each subgroup column with the samples' values; {} where the data names none."""
    known = manifest_rows(samples[0].path)
    columns = sorted({name for row in known.values() for name in row} - NO_SUBGROUPS)
    if not columns:
        return {}
    rows = [known.get(sha256_of(sample.path), {}) for sample in samples]
    found = {column: [row.get(column) or UNKNOWN for row in rows] for column in columns}
    told = next((found[one] for one in AGES if one in found), None)
    banded = {AGE: list(map(age_band, told))} if told else {}
    return {one: values for one, values in found.items() if one not in AGES} | banded


def subgroup_figures(verdicts: Verdicts, traits: Traits) -> dict[str, dict[str, Any]]:
    """Return the brief figures of every value of every column."""
    return {
        column: {
            value: verdicts.part(np.flatnonzero(np.array(values) == value)).brief()
            for value in sorted(set(values))
        }
        for column, values in traits.items()
    }
