"""A week stands beside the baseline, and is amber or red where it is otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from hemaqueue.common.intervals import wilson
from hemaqueue.evaluations.bands import Band, Seen, band_of, stability_index
from hemaqueue.evaluations.drifted import Drift, WeekFigure, drift_of
from hemaqueue.registry.models import ModelStatus, ModelVersion
from hemaqueue.registry.points import point_choose
from tests import factories, judging, live

SHIFTED = {"benign": 160, "early_pre_b": 20, "pre_b": 10, "pro_b": 10}


def since(weeks: int) -> ModelVersion:
    """Return a version that serves since a Sunday: the week after it is its first full one."""
    made: ModelVersion = factories.ModelVersionFactory()
    live.serves_since(made, live.noon(live.week(weeks + 1), day=6))
    return made


def drift(version: ModelVersion) -> Drift:
    return drift_of(version, most=12)


def figures(version: ModelVersion) -> dict[str, WeekFigure]:
    """Return the newest week's figures by their names."""
    return {one.name: one for one in drift(version).weeks[0].figures}


def shifted(**more: Any) -> dict[str, Band]:
    """Return the bands of a week after one as usual."""
    version = since(2)
    live.counted(version, 2)
    live.counted(version, 1, **more)
    return {name: one.band for name, one in figures(version).items()}


@pytest.mark.django_db
def test_weeks_as_usual_are_within() -> None:
    assert set(shifted().values()) == {Band.WITHIN}


@pytest.mark.django_db
def test_another_class_mix_is_red_and_the_rest_stays_within() -> None:
    bands = shifted(named=SHIFTED)
    assert bands.pop("class_mix") == Band.RED
    assert set(bands.values()) == {Band.WITHIN}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "name", "band"),
    [
        ({"confidence": 0.87}, "mean_confidence", Band.AMBER),
        ({"confidence": 0.8}, "mean_confidence", Band.RED),
        ({"uncertain": 60}, "uncertain", Band.RED),
        ({"strange": 14}, "out_of_distribution", Band.AMBER),
        ({"poor": 80}, "poor_quality", Band.RED),
        ({"agreed": 120}, "agreement", Band.RED),
        ({"agreed": 177}, "agreement", Band.AMBER),
    ],
)
def test_a_figure_that_went_away_has_its_band(more: Any, name: str, band: Band) -> None:
    bands = shifted(**more)
    assert bands.pop(name) == band
    assert set(bands.values()) == {Band.WITHIN}


@pytest.mark.django_db
def test_a_week_of_few_images_is_not_judged() -> None:
    few = {"images": 20, "named": {"benign": 20}, "uncertain": 20, "strange": 20, "poor": 20}
    bands = shifted(**few, read=3, agreed=0)
    assert set(bands.values()) == {Band.TOO_FEW}


@pytest.mark.django_db
def test_the_evaluation_is_the_baseline_of_what_it_knows() -> None:
    version = since(1)
    flagged = {"uncertain": 0.05, "out_of_distribution": 0.02}
    kept = judging.evaluation(version, judging.some_rows(wrong=0, each=50), flagged=flagged)
    live.counted(version, 1, confidence=0.85)
    found = {one.figure: one for one in drift(version).baselines}
    names = ("mean_confidence", "uncertain", "out_of_distribution")
    assert {found[name].evaluation for name in names} == {kept.pk}
    own = ("class_mix", "poor_quality", "agreement")
    assert {found[name].weeks for name in own} == {(live.week(1),)}
    bands = {name: one.band for name, one in figures(version).items()}
    assert {bands.pop(name) for name in names} == {Band.WITHIN}
    assert set(bands.values()) == {Band.BASELINE}


@pytest.mark.django_db
def test_a_small_evaluation_is_no_baseline() -> None:
    version = since(1)
    judging.evaluation(version, judging.some_rows(each=10))
    assert [one.evaluation for one in drift(version).baselines] == [None] * 6


@pytest.mark.django_db
def test_the_first_full_weeks_are_the_baseline_as_soon_as_they_have_enough() -> None:
    version = since(3)
    live.counted(version, 4, images=30)  # it began to serve in this week
    live.counted(version, 3, images=120, read=0, agreed=0)
    assert {one.seen for one in drift(version).baselines} == {None}
    assert {one.band for one in drift(version).weeks[0].figures} == {Band.NO_BASELINE}
    live.counted(version, 2, images=120)
    live.counted(version, 1)
    found = {one.figure: one for one in drift(version).baselines}
    assert found["uncertain"].weeks == (live.week(3), live.week(2))
    assert found["agreement"].weeks == (live.week(2),)
    bands = [week.figures[2].band for week in drift(version).weeks]
    assert bands[1:] == [Band.BASELINE, Band.BASELINE, Band.NO_BASELINE]


@pytest.mark.django_db
def test_other_thresholds_need_another_baseline_of_uncertain_results() -> None:
    version = since(1)
    judging.evaluation(version, judging.some_rows(each=50), flagged={"uncertain": 0.05})
    live.counted(version, 1)
    assert figures(version)["uncertain"].band == Band.WITHIN
    chosen = {"decision": 0.4, "abstain": 0.7, "evaluation": None, "reason": "To see"}
    point_choose(version, by=factories.adam(), **chosen)
    assert figures(version)["uncertain"].band == Band.NO_BASELINE


@pytest.mark.django_db
def test_who_serves_is_told_when_the_first_week_is_there() -> None:
    serves = factories.ModelVersionFactory()
    live.serves_since(serves, live.noon(live.week(0)))
    assert drift(serves).first_on == live.week(-1)
    candidate = factories.ModelVersionFactory(name="candidate", status=ModelStatus.CANDIDATE)
    assert drift(candidate) == Drift([], [], None)


HARD_FIRST = {
    "read": 300, "agreed": 230, "drawn": 100, "weight": 200 + 100 * 20,
    "weight_agreed": 130 + 100 * 20, "squares": 200 + 100 * 400,
}  # fmt: skip


@pytest.mark.django_db
def test_agreement_is_as_if_all_had_been_read() -> None:
    version = since(3)
    for back in (3, 2):
        live.counted(version, back, **HARD_FIRST)
    live.counted(version, 1, **HARD_FIRST | {"weight_agreed": 130 + 50 * 20})
    before = next(one for one in drift(version).baselines if one.figure == "agreement")
    assert before.weeks == (live.week(3), live.week(2)), "120 a week: what the weights are worth"
    assert before.seen == Seen(241, 4260 / 4400, drawn=200)
    found = figures(version)["agreement"]
    assert (found.value, found.n, found.band) == (1130 / 2200, 120, Band.RED)
    alone = next(one for one in drift(version).weeks if one.begins == live.week(1))
    said = alone.figures[-1].weighted
    assert said and (said.low, said.high) == wilson(1130 / 2200, n=120)


@pytest.mark.django_db
def test_weeks_of_which_nobody_knows_why_images_were_read_have_no_agreement() -> None:
    version = since(2)
    unknown = {"weight": 0.0, "weight_agreed": 0.0, "squares": 0.0}
    live.counted(version, 2, **unknown)
    assert next(one for one in drift(version).baselines[::-1]).seen is None
    live.counted(version, 1)
    newest, oldest = drift(version).weeks
    assert (newest.figures[-1].band, oldest.figures[-1].value) == (Band.BASELINE, None)


def test_what_speaks_for_the_clear_lane_is_not_compared_with_what_does_not() -> None:
    assert band_of(Seen(400, 0.7), Seen(400, 0.95, drawn=80)) == Band.NOT_ALIKE
    assert band_of(Seen(400, 0.7, drawn=8), Seen(400, 0.95, drawn=80)) == Band.RED


def test_chance_alone_makes_no_band_however_small_the_hospital() -> None:
    before = Seen(60, counts={"benign": 30, "pre_b": 20, "pro_b": 10})
    now = Seen(60, counts={"benign": 24, "pre_b": 21, "pro_b": 15})
    assert band_of(now, before) == Band.WITHIN
    assert band_of(Seen(60, 0.10), Seen(60, 0.05)) == Band.WITHIN
    assert band_of(Seen(6000, 0.10), Seen(6000, 0.05)) == Band.RED


def test_what_is_sure_but_small_makes_no_band_however_large_the_hospital() -> None:
    assert band_of(Seen(1_000_000, 0.06), Seen(1_000_000, 0.05)) == Band.WITHIN
    sure = Seen(1_000_000, 0.91, spread=0.1)
    assert band_of(sure, Seen(1_000_000, 0.9, spread=0.1)) == Band.WITHIN


def test_the_stability_index_is_the_published_one() -> None:
    first, second = {"a": 500_000, "b": 500_000}, {"a": 600_000, "b": 400_000}
    assert stability_index(second, first) == pytest.approx(0.040546, abs=1e-5)
    assert stability_index(first, first) == 0
