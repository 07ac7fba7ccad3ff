"""The tables of an evaluation: figures beside the colour-only baseline, classes, disturbances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from hemaqueue.common.intervals import wilson
from hemaqueue.predictions.classes import ClassWords, class_words
from hemaqueue.web.shown.numbers import percent

Report = dict[str, Any]
FEW = 20  # a group with fewer says too little
STEPS = 5  # of shade in the confusion matrix


@dataclass(frozen=True)
class FigureRow:
    """`colour` is what five neighbours on colour statistics score: the figure without any shape."""

    word: str
    value: str
    interval: str
    n: str
    colour: str
    name: str = ""


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


@dataclass(frozen=True)
class Disturbance:
    """Accuracy at three strengths; `drop` is the largest loss of a class's recall."""

    name: str
    values: list[str]
    drops: list[str]


def figure_rows(report: Report) -> list[FigureRow]:
    """Return the figures that people ask for first; what was not measured is not there."""
    baseline = report.get("colour_only_baseline") or {}
    return [*share_rows(report), *_decimals(report, baseline), *_without_colour(report, baseline)]


def share_rows(report: Report) -> list[FigureRow]:
    """Return what is right of all pictures, of the classes, and of each side of the roll-up."""
    binary, baseline = report.get("binary") or {}, report.get("colour_only_baseline") or {}
    n, sides = report.get("n"), (binary.get("n_malignant"), binary.get("n_benign"))
    wanted = (
        (_("Accuracy"), "accuracy", report.get("accuracy"), n),
        (_("Mean recall of the classes"), "macro_recall", report.get("macro_recall"), n),
        (_("Sensitivity, malignant"), "sensitivity", binary.get("sensitivity"), sides[0]),
        (_("Specificity"), "specificity", binary.get("specificity"), sides[1]),
    )
    return [
        FigureRow(word, percent(value), _bounds(report, name, value, of), str(of or "–"),
                  _share(baseline.get(name)), name)
        for word, name, value, of in wanted
        if value is not None
    ]  # fmt: skip


def _decimals(report: Report, baseline: Report) -> Iterator[FigureRow]:
    wanted = (
        (_("Macro F1"), "macro_f1", report["macro_f1"]),
        (_("Area below the ROC curve"), "auroc", report["binary"].get("auroc")),
        (_("Calibration error"), "ece", report["ece"]),
        (_("Brier score"), "brier", report.get("brier")),
    )
    for word, name, value in wanted:
        if value is not None:
            bounds = report["intervals"].get(name)
            said = _("%(low)s to %(high)s") % {
                "low": _decimal(bounds[0]), "high": _decimal(bounds[1]),
            } if bounds else ""  # fmt: skip
            alone = baseline.get(name)
            colour = "–" if alone is None else _decimal(alone)
            yield FigureRow(word, _decimal(value), said, str(report["n"]), colour, name)


def _without_colour(report: Report, baseline: Report) -> Iterator[FigureRow]:
    """Yield what is left when the colour is taken away or changed."""
    n = str(report["n"])
    if grey := report.get("grey_scale"):
        word = _("Accuracy in grey-scale")
        yield FigureRow(word, percent(grey["accuracy"]), "", n, _share(baseline.get("grey_scale")))
    alone = baseline.get("stain_shift") or [None] * 3
    for strength, value in enumerate(report.get("stain_shift") or [], start=1):
        word = _("Accuracy, stain shifted, strength %(n)d") % {"n": strength}
        yield FigureRow(word, percent(value), "", n, _share(alone[strength - 1]))
    if swapped := report.get("colour_swapped"):
        word = _("Accuracy with the colours of another class")
        colour = _share(swapped.get("colour_only_baseline"))
        yield FigureRow(word, percent(swapped["accuracy"]), "", n, colour)


def _bounds(report: Report, name: str, value: float, n: int | None) -> str:
    """Return the measured interval. A bootstrap of a perfect score has no width: Wilson's has."""
    low, high = (report.get("intervals") or {}).get(name) or (None, None)
    if low is None or high is None:
        return ""
    if low == high and n:
        low, high = wilson(value, n=n)
    return _("%(low)s to %(high)s") % {"low": percent(low), "high": percent(high)}


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
             _decimal(row["f1"]), _decimal(aurocs.get(code))],
            few=row["support"] < FEW,
        )
        for code, row in ((code, report["per_class"][code]) for code in report["classes"])
    ]  # fmt: skip


def subgroup_tables(report: Report) -> list[tuple[str, list[PartRow]]]:
    """Return each trait with its groups, those with fewer than 20 images without figures."""
    words = {"site": _("Site"), "stain": _("Stain"), "specimen": _("Specimen"),
             "quality": _("Picture quality"), "sex": _("Sex"), "scanner": _("Scanner")}  # fmt: skip
    return [
        (words.get(trait, trait), [_group(name, row) for name, row in groups.items()])
        for trait, groups in (report.get("subgroups") or {}).items()
    ]


def _group(name: str, row: Report) -> PartRow:
    few = row["n"] < FEW
    values = [] if few else [
        _with_interval(row["accuracy"], row["n"]),
        _share(row.get("macro_recall")),
        _share(row.get("sensitivity")),
        _share(row.get("specificity")),
    ]  # fmt: skip
    return PartRow(name, "", row["n"], values, few=few)


def stranger_rows(report: Report) -> list[PartRow]:
    """Return how strange pictures of other kinds were found: AUROC, share flagged."""
    words = {"blank": _("Blank slide"), "tissue": _("Drawn tissue"), "texture": _("Drawn texture")}
    found = report.get("strangers") or {}
    said = {one: [_decimal(row["auroc"]), percent(row["flagged"])] for one, row in found.items()}
    return [PartRow(words.get(one, one), "", found[one]["n"], said[one]) for one in found]


def disturbances(report: Report) -> list[Disturbance]:
    found = report.get("robustness") or {}
    words = {"blur": _("Blur"), "noise": _("Noise"), "brightness": _("Brightness"),
             "stain": _("Stain shift"), "jpeg": "JPEG", "rotation": _("Rotation")}  # fmt: skip
    return [
        Disturbance(
            str(words.get(name, name)),
            [percent(row["accuracy"]) for row in found[name]],
            [_lost(row) for row in found[name]],
        )
        for name in [*(one for one in words if one in found), *sorted(found.keys() - words)]
    ]


def _lost(row: Report) -> str:
    """Return which class's recall fell most, and by how much; nothing below one point."""
    known = {code: drop for code, drop in row["recall_drop"].items() if drop is not None}
    if not known or max(known.values()) < 0.01:
        return ""
    code = max(known, key=lambda one: known[one])
    return _("%(class)s -%(n)s points") % {
        "class": class_words(code).name, "n": number_format(round(100 * known[code], 1), 1),
    }  # fmt: skip


def _with_interval(share: float, n: int) -> str:
    if not n:
        return "–"
    low, high = wilson(share, n=n)
    return f"{percent(share)} [{percent(low)}, {percent(high)}]"


def _share(value: float | None) -> str:
    return "–" if value is None else percent(value)


def _decimal(value: float | None) -> str:
    return "–" if value is None else number_format(round(value, 3), 3)
