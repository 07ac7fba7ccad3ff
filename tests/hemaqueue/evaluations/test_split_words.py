"""How learning and judging were apart is said in the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from hemaqueue.evaluations.split_words import split_words
from jobcontract import splits

SNAPSHOTS = [*splits.CAVEATS, *(f"{one}; {splits.BY_PERSON}" for one in splits.CAVEATS)]
FOLDERS = [splits.PATIENT_DISJOINT, splits.FIELD_DISJOINT, splits.IMAGE_LEVEL, splits.UNKNOWN]


@pytest.mark.parametrize("split", [*SNAPSHOTS, *FOLDERS])
def test_a_split_is_said_in_french_and_as_it_is_in_english(split: str) -> None:
    assert split_words(split) == split
    with translation.override("fr"):
        said = split_words(split)
        assert all(a != b for a, b in zip(said.split("; "), split.split("; "), strict=False))


def test_it_keeps_its_numbers() -> None:
    split = f"{splits.HELD_OUT_OF_CANDIDATE}; {splits.BY_FIELD % (12, 24)}"
    assert split_words(split) == split
    with translation.override("fr"):
        assert split_words(split).endswith("aucun patient n’est connu pour 12 des 24 images")


@pytest.mark.parametrize("split", ["", "by hand", f"{splits.WHOLE}; by hand"])
def test_what_nobody_has_words_for_stays(split: str) -> None:
    assert split_words(split) == split
