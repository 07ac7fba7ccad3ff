"""The tables of an evaluation: confusion matrix, classes, subgroups, strangers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from hemaqueue.common.intervals import wilson
from hemaqueue.evaluations.subgroups import FEW, subgroups_told
from hemaqueue.predictions.classes import ClassWords, class_words
from hemaqueue.web.shown.numbers import decimal, percent, percent_or_dash
from hemaqueue.web.shown.traits import trait_value, trait_word

Report = dict[str, Any]
STEPS = 5  # of shade in the confusion matrix


@dataclass(frozen=True)
class Cell:
    """One cell of the confusion matrix: `query` opens its images; `shade` is 0 to 5."""

    count: int
    share: str
    shade: int
    right: bool
    query: str
    word: str


@dataclass(frozen=True)
class MatrixRow:
    words: ClassWords
    n: int
    cells: list[Cell]


@dataclass(frozen=True)
class PartRow:
    """A class or a subgroup; `few` where it has too few images to say much."""

    name: str
    css: str
    n: int
    values: list[str]
    few: bool = False


def matrix_rows(report: Report) -> list[MatrixRow]:
    """Return the confusion matrix, rows true, columns named."""
    codes = report["classes"]
    return [
        MatrixRow(
            class_words(code),
            sum(counts),
            [
                _cell(code, named, count, of=sum(counts))
                for named, count in zip(codes, counts, strict=True)
            ],
        )
        for code, counts in zip(codes, report["confusion_matrix"], strict=True)
    ]


def _cell(label: str, named: str, count: int, *, of: int) -> Cell:
    share = count / of if of else 0.0
    words = {"label": class_words(label).name, "named": class_words(named).name, "n": count}
    return Cell(
        count=count,
        share=percent(share) if of else "",
        shade=min(STEPS, -int(-share * STEPS // 1)),
        right=label == named,
        query=urlencode({"label": label, "named": named}),
        word=_("%(n)d images of %(label)s named %(named)s") % words,
    )


def class_rows(report: Report) -> list[PartRow]:
    """Return each class's recall with its interval, its precision and F1."""
    aurocs = (report.get("auroc") or {}).get("per_class") or {}
    return [
        PartRow(
            str(class_words(code).name), class_words(code).css, row["support"],
            [_with_interval(row["recall"], row["support"]), percent(row["precision"]),
             decimal(row["f1"]), decimal(aurocs.get(code))],
            few=row["support"] < FEW,
        )
        for code, row in ((code, report["per_class"][code]) for code in report["classes"])
    ]  # fmt: skip


def subgroup_tables(report: Report) -> list[tuple[str, list[PartRow]]]:
    """Return each trait with its groups, those of too few images without figures."""
    return [
        (trait_word(trait), [_group(trait_value(name), row) for name, row in groups.items()])
        for trait, groups in subgroups_told(report).items()
    ]


def _group(name: str, row: Report) -> PartRow:
    few = "too_few" in row
    values = [] if few else [
        _with_interval(row["accuracy"], row["n"]),
        percent_or_dash(row.get("macro_recall")),
        percent_or_dash(row.get("sensitivity")),
        percent_or_dash(row.get("specificity")),
    ]  # fmt: skip
    return PartRow(name, "", row["n"], values, few=few)


def stranger_rows(report: Report) -> list[PartRow]:
    """Return how strange pictures of other kinds were found: AUROC, share flagged."""
    words = {"blank": _("Blank slide"), "tissue": _("Drawn tissue"), "texture": _("Drawn texture")}
    found = report.get("strangers") or {}
    said = {one: [decimal(row["auroc"]), percent(row["flagged"])] for one, row in found.items()}
    return [PartRow(words.get(one, one), "", found[one]["n"], said[one]) for one in found]


def _with_interval(share: float, n: int) -> str:
    if not n:
        return "–"
    low, high = wilson(share, n=n)
    return f"{percent(share)} [{percent(low)}, {percent(high)}]"
