"""Two versions on the same images: what tells them apart, and every image that flips."""

from __future__ import annotations

import pytest

from hemaqueue.evaluations.comparing import (
    NothingShared,
    OtherClasses,
    comparison_of,
    pair_get,
    versions_comparable,
)
from hemaqueue.registry.models import ModelVersion
from tests import factories, judging

pytestmark = pytest.mark.django_db


def candidate_of(name: str) -> ModelVersion:
    return factories.ModelVersionFactory(name=name, status="candidate")


def two(*, wrong: int = 1, before: int = 6) -> tuple[ModelVersion, ModelVersion]:
    """Return a candidate that names `wrong` benign images otherwise, and one with `before`."""
    candidate, serving = candidate_of("candidate"), factories.ModelVersionFactory()
    judging.evaluation(candidate, judging.some_rows(wrong=wrong))
    judging.evaluation(serving, judging.some_rows(wrong=before))
    return candidate, serving


def test_a_gain_has_its_test_and_its_interval() -> None:
    found = comparison_of(*pair_get(*two()))
    test = found.tests["classes"]
    assert (test.only_this_right, test.only_against_right, test.p) == (5, 0, 2 / 2**5)
    row = found.differences["specificity"]
    assert (row.this, row.against) == (14 / 15, 9 / 15)
    assert row.interval is not None
    assert 0 < row.interval[0] < row.interval[1]
    assert {one.change for one in found.flips} == {"better"}


def test_what_got_worse_is_listed_first_the_surest_before_others() -> None:
    candidate, serving = candidate_of("candidate"), factories.ModelVersionFactory()
    names = {"a": ("pre_b", 0.7), "b": ("pre_b", 0.9), "c": ("benign", 0.8)}
    mine = [judging.row(key * 64, "benign", named, sure=sure)
            for key, (named, sure) in names.items()]  # fmt: skip
    theirs = [judging.row(key * 64, "benign", "benign" if key != "c" else "pro_b")
              for key in names]  # fmt: skip
    found = comparison_of(judging.evaluation(candidate, mine), judging.evaluation(serving, theirs))
    assert [(one.this.sha256[0], one.change) for one in found.flips] == [
        ("b", "worse"), ("a", "worse"), ("c", "better"),
    ]  # fmt: skip


def test_only_versions_judged_on_the_same_images_are_compared() -> None:
    candidate, serving = two()
    other = candidate_of("other")
    judging.evaluation(other, data_digest="e" * 64)
    assert list(versions_comparable(candidate)) == [serving]
    with pytest.raises(NothingShared):
        pair_get(candidate, other)


def test_without_rows_of_single_images_there_is_nothing_to_compare() -> None:
    candidate, serving = two()
    bare = candidate_of("bare")
    judging.evaluation(bare, pictures=[])
    assert bare not in versions_comparable(serving)
    with pytest.raises(NothingShared):
        pair_get(candidate, bare)


def test_versions_of_other_classes_are_refused() -> None:
    candidate, serving = two()
    mine, theirs = pair_get(candidate, serving)
    theirs.report["classes"] = ["benign", "malignant"]
    with pytest.raises(OtherClasses):
        comparison_of(mine, theirs)
