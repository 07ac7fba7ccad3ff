"""Rows that come by column are the rows that Django would have written."""

from __future__ import annotations

import pytest
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hemaqueue.common.columns import columns_insert, columns_update
from hemaqueue.predictions.models import ClassScore, Heatmap
from hemaqueue.reviews.models import Lane, Review
from tests import factories

pytestmark = pytest.mark.django_db


def test_all_rows_come_with_one_statement() -> None:
    said = factories.prediction(factories.image(), scores={"benign": 1.0})
    with CaptureQueriesContext(
        connection,
    ) as asked:
        columns_insert(
            ClassScore, prediction_id=[said.pk] * 2, label=["a", "b'"], score=[0.25, 0.5]
        )
    assert len(asked) == 1
    rows = ClassScore.objects.filter(prediction=said).exclude(label="benign")
    assert sorted(rows.values_list("label", "score")) == [("a", 0.25), ("b'", 0.5)]


def test_bytes_are_bytes() -> None:
    said = factories.prediction(factories.image())
    Heatmap.objects.all().delete()
    columns_insert(
        Heatmap, prediction_id=[said.pk], label=["benign"], method=["cam"], layer=[""],
        rows=[1], columns=[2], grid=[b"\x00\x01\xff\\"],
    )  # fmt: skip
    assert bytes(Heatmap.objects.get().grid) == b"\x00\x01\xff\\"


def test_no_rows_are_none() -> None:
    before = ClassScore.objects.count()
    columns_insert(ClassScore, prediction_id=[], label=[], score=[])
    assert ClassScore.objects.count() == before


def test_what_is_too_long_is_refused_and_not_cut() -> None:
    said = factories.prediction(factories.image())
    with pytest.raises(DataError):
        columns_insert(ClassScore, prediction_id=[said.pk], label=["x" * 41], score=[1.0])


def test_what_is_not_given_has_its_default() -> None:
    case = factories.image().case
    Review.objects.all().delete()
    columns_insert(Review, case_id=[case.pk], site_id=[case.site_id])
    kept, plain = Review.objects.get(), Review(case=case, site=case.site)
    names = ["state", "revision", "lane", "reasons", "rank", "doubt", "claimed_by_id", "due_at"]
    assert [getattr(kept, one) for one in names] == [getattr(plain, one) for one in names]


def test_what_is_there_may_stay_as_it_is() -> None:
    case = factories.image().case
    for _ in range(2):
        columns_insert(Review, ignore_conflicts=True, case_id=[case.pk], site_id=[case.site_id])
    assert Review.objects.filter(case=case).count() == 1


def test_rows_are_written_back_together() -> None:
    cases = [factories.image().case for _ in range(3)]
    columns_insert(
        Review,
        ignore_conflicts=True,
        case_id=[one.pk for one in cases],
        site_id=[one.site_id for one in cases],
    )
    rows = list(Review.objects.filter(case__in=cases).order_by("pk"))
    for number, row in enumerate(rows[:2]):
        row.lane, row.reasons, row.rank, row.due_at = Lane.CLEAR, ["a'b", "ü"], number, None
    rows[0].due_at = timezone.now()
    with CaptureQueriesContext(connection) as asked:
        columns_update(rows[:2], ["lane", "reasons", "rank", "due_at"])
    assert len(asked) == 1
    kept = Review.objects.in_bulk([one.pk for one in rows])
    said = [(kept[one.pk].lane, kept[one.pk].reasons, kept[one.pk].rank) for one in rows]
    assert said[:2] == [(Lane.CLEAR, ["a'b", "ü"], 0), (Lane.CLEAR, ["a'b", "ü"], 1)]
    assert said[2] == (rows[2].lane, rows[2].reasons, rows[2].rank)
    assert [kept[one.pk].due_at for one in rows[:2]] == [rows[0].due_at, None]
    columns_update([], ["lane"])
