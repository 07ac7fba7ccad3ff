"""Two versions side by side: figures, the tests in words, both matrices, and what flips."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.evaluations.comparing import Comparison, Pair, versions_comparable
from hemaqueue.evaluations.models import Evaluation
from hemaqueue.evaluations.split_words import split_words
from hemaqueue.predictions.classes import ClassWords, class_words
from hemaqueue.registry.models import ModelVersion
from hemaqueue.web.shown.evaluation_figures import FigureRow, figure_rows
from hemaqueue.web.shown.evaluation_tables import MatrixRow, matrix_rows
from hemaqueue.web.shown.flips import FlipGroup, flip_groups
from jobcontract.paired import CHANGES, Difference, McNemar

LESS_IS_BETTER = ("ece",)


@dataclass(frozen=True)
class SideShown:
    """One of the two versions, with its confusion matrix."""

    id: UUID
    name: str
    url: str
    evaluation: UUID
    evaluation_url: str
    matrix: list[MatrixRow]
    pictures: bool = True


@dataclass(frozen=True)
class BesideRow:
    """A figure of both; `verdict` is better or worse where the interval excludes no change."""

    word: str
    this: str
    this_interval: str
    against: str
    against_interval: str
    difference: str
    interval: str
    verdict: str


@dataclass(frozen=True)
class DataChoice:
    word: str
    url: str
    chosen: bool


@dataclass(frozen=True)
class ComparisonShown:
    this: SideShown
    against: SideShown
    turned_url: str
    data: str
    n: int
    split: str
    tests: list[str]
    rows: list[BesideRow]
    classes: list[ClassWords]
    flips: int
    groups: list[FlipGroup]
    choices: list[DataChoice]
    narrowed: str

    @property
    def sides(self) -> tuple[SideShown, SideShown]:
        return self.this, self.against


def others_shown(version: ModelVersion) -> list[tuple[str, str]]:
    """Return the name of each version it can be compared with, and where."""
    return [(one.name, comparison_url(version, one)) for one in versions_comparable(version)]


def comparison_url(version: ModelVersion, other: ModelVersion) -> str:
    return reverse("model_against", args=[version.pk, other.pk])


def comparison_shown(
    found: Comparison, *, pairs: Sequence[Pair], query: QueryDict, user: User
) -> ComparisonShown:
    """Return the page's facts; with a change asked for, the pictures of that one and no other."""
    this, against = found.this, found.against
    here = comparison_url(this.model, against.model)
    at = f"{here}?data={this.data_digest}"
    return ComparisonShown(
        this=_side(this),
        against=_side(against),
        turned_url=f"{comparison_url(against.model, this.model)}?data={this.data_digest}",
        data=this.data_name or this.data_digest[:12],
        n=found.n,
        split=split_words(this.split),
        tests=[_in_words(found.tests["classes"]), _called_in_words(found.tests["malignant"])],
        rows=list(_rows(found)),
        classes=[class_words(code) for code in this.report["classes"]],
        flips=len(found.flips),
        groups=flip_groups(found, query=query, at=at, user=user),
        choices=[_choice(one, here=here, chosen=one == this) for one, _against in pairs],
        narrowed=at if query.get("change") in CHANGES else "",
    )


def _side(evaluation: Evaluation) -> SideShown:
    return SideShown(
        id=evaluation.model_id,
        name=evaluation.model.name,
        url=reverse("model", args=[evaluation.model_id]),
        evaluation=evaluation.pk,
        evaluation_url=reverse("evaluation", args=[evaluation.pk]),
        matrix=matrix_rows(evaluation.report),
    )


def _choice(evaluation: Evaluation, *, here: str, chosen: bool) -> DataChoice:
    name = evaluation.data_name or evaluation.data_digest[:12]
    return DataChoice(f"{name} (n = {evaluation.n})", f"{here}?data={evaluation.data_digest}",
                      chosen)  # fmt: skip


def _in_words(test: McNemar) -> str:
    words = _(
        "Named rightly by this version alone: %(here)d. By the other alone: %(there)d. "
        "McNemar's exact test: p %(p)s."
    )
    return words % _numbers(test)


def _called_in_words(test: McNemar) -> str:
    words = _(
        "Malignant or benign, called rightly by this version alone: %(here)d. By the other "
        "alone: %(there)d. McNemar's exact test: p %(p)s."
    )
    return words % _numbers(test)


def _numbers(test: McNemar) -> dict[str, object]:
    p = "< 0.001" if test.p < 0.001 else f"= {number_format(round(test.p, 3), 3)}"
    return {"here": test.only_this_right, "there": test.only_against_right, "p": p}


def _rows(found: Comparison) -> Iterator[BesideRow]:
    """Yield what was measured of both, in the order of an evaluation's page."""
    theirs = {row.word: row for row in figure_rows(found.against.report)}
    for mine in figure_rows(found.this.report):
        if other := theirs.get(mine.word):
            yield _beside(mine, other, found.differences.get(mine.name))


def _beside(mine: FigureRow, other: FigureRow, told: Difference | None) -> BesideRow:
    said, bounds, verdict = "–", "", ""
    if told and told.difference is not None:
        said = _change_of(mine.name, told.difference)
    if told and told.interval:
        low, high = told.interval
        bounds = _("%(low)s to %(high)s") % {
            "low": _change_of(mine.name, low), "high": _change_of(mine.name, high),
        }  # fmt: skip
        verdict = _verdict(low, high, turned=mine.name in LESS_IS_BETTER)
    return BesideRow(
        mine.word, mine.value, mine.interval, other.value, other.interval, said, bounds, verdict
    )


def _change_of(name: str, value: float) -> str:
    """Return a difference with its sign: in points of per cent, or as the figure is written."""
    decimals, shown = (3, value) if name in LESS_IS_BETTER else (1, 100 * value)
    rounded = round(shown, decimals) + 0.0
    sign = "+" if rounded > 0 else "-" if rounded < 0 else ""
    return f"{sign}{number_format(abs(rounded), decimals)}"


def _verdict(low: float, high: float, *, turned: bool) -> str:
    if low <= 0 <= high:
        return ""
    return "better" if (low > 0) != turned else "worse"
