"""The curves of an evaluation: ROC, precision by recall, reliability, sweep, risk by coverage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from hemaqueue.common.intervals import wilson
from hemaqueue.web.shown.line_plots import Axis, Curve, Dot, LinePlot, curve, dot, upright
from hemaqueue.web.shown.numbers import percent, percent_or_dash

Report = dict[str, Any]
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
RISK_LEAST = 0.05


def plots(report: Report, *, decision: float | None, abstain: float | None) -> list[LinePlot]:
    """Return the plots for which the report has figures, with the thresholds that hold."""
    found = (
        _roc(report),
        _precision_recall(report),
        _reliability(report),
        sweep_plot(report, decision=decision),
        coverage_plot(report, abstain=abstain),
    )
    return [plot for plot in found if plot is not None]


def shares(word: str, *, low: float = 0.0, high: float = 1.0) -> Axis:
    """Return an axis of shares of 1, in per cent."""
    ticks = [low + quarter * (high - low) for quarter in QUARTERS]
    return Axis(word, low, high, [(tick, _short(tick)) for tick in ticks])


def _short(share: float) -> str:
    return _("%s %%") % number_format(round(100 * share, 1), 0 if share * 100 % 1 < 0.01 else 1)


def _thresholds(word: str) -> Axis:
    ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
    return Axis(word, 0.0, 1.0, [(tick, number_format(tick, 2)) for tick in ticks])


def _roc(report: Report) -> LinePlot | None:
    if not report.get("roc"):
        return None
    across, up = shares(_("1 - specificity")), shares(_("sensitivity"))
    both: dict[str, Any] = {"across": across, "up": up}
    binary = report["binary"]
    lines = [
        curve([(0, 0), (1, 1)], css="chance", word=_("chance"), at=(0.72, 0.64), **both),
        curve(map(tuple, report["roc"]), css="main", **both),
    ]
    return LinePlot(
        id="roc",
        title=_("ROC, malignant against benign"),
        caption=_area(binary.get("auroc"), report["intervals"].get("auroc")),
        curves=lines,
        dots=list(_operating(binary, 1 - (binary.get("specificity") or 0), "sensitivity", both)),
        head=[_("1 - specificity"), _("Sensitivity")],
        rows=[[percent(x), percent(y)] for x, y in report["roc"]],
        **both,
    )


def _area(area: float | None, bounds: list[float] | None) -> str:
    if area is None:
        return ""
    said = _("Area below the curve: %(a)s") % {"a": number_format(round(area, 4), 4)}
    if not bounds:
        return said
    low, high = (number_format(round(bound, 4), 4) for bound in bounds)
    return f"{said} [{low}, {high}]"


def _operating(binary: Report, x: float | None, name: str, both: dict[str, Any]) -> Iterator[Dot]:
    """Yield the point at which the version was judged."""
    if binary.get(name) is None or x is None:
        return
    word = _("threshold %(t)s") % {"t": number_format(round(binary["threshold"], 2), 2)}
    yield dot((x, binary[name]), css="here", radius=5, title=word, **both)


def _precision_recall(report: Report) -> LinePlot | None:
    if not report.get("precision_recall"):
        return None
    binary = report["binary"]
    share = binary["n_malignant"] / max(1, binary["n_malignant"] + binary["n_benign"])
    across, up = shares(_("recall")), shares(_("precision"))
    both: dict[str, Any] = {"across": across, "up": up}
    words = _("%(n)d malignant of %(all)d: calling everything malignant has a precision of %(p)s.")
    return LinePlot(
        id="precision-recall",
        title=_("Precision by recall, malignant"),
        caption=words % {
            "n": binary["n_malignant"], "all": report["n"], "p": percent(share),
        },
        curves=[
            curve([(0, share), (1, share)], css="chance", word=_("everything"),
                  at=(0.98, share), **both),
            curve(map(tuple, report["precision_recall"]), css="main", **both),
        ],
        dots=list(_operating(binary, binary.get("sensitivity"), "precision", both)),
        head=[_("Recall"), _("Precision")],
        rows=[[percent(x), percent(y)] for x, y in report["precision_recall"]],
        **both,
    )  # fmt: skip


def _reliability(report: Report) -> LinePlot | None:
    bins = report.get("reliability")
    if not bins:
        return None
    across, up = shares(_("confidence")), shares(_("share that was right"))
    both: dict[str, Any] = {"across": across, "up": up}
    words = _("Calibration error %(e)s, Brier score %(b)s. The larger a dot, the more images.")
    return LinePlot(
        id="reliability",
        title=_("Is confidence what it says?"),
        caption=words % {
            "e": number_format(round(report["ece"], 3), 3),
            "b": number_format(round(report.get("brier") or 0, 3), 3),
        },
        curves=[curve([(0, 0), (1, 1)], css="chance", word=_("as said"), at=(0.72, 0.64), **both)],
        dots=[_bin(one, n=report["n"], both=both) for one in bins],
        head=[_("Confidence"), _("Right"), _("Images")],
        rows=[
            [percent(one["confidence"]), percent(one["accuracy"]), str(one["n"])] for one in bins
        ],
        **both,
    )  # fmt: skip


def _bin(one: Report, *, n: int, both: dict[str, Any]) -> Dot:
    return dot(
        (one["confidence"], one["accuracy"]),
        css="bin",
        radius=3 + 6 * (one["n"] / n) ** 0.5,
        title=_("%(n)d images") % {"n": one["n"]},
        span=wilson(one["accuracy"], n=one["n"]),
        **both,
    )


def sweep_plot(report: Report, *, decision: float | None) -> LinePlot | None:
    """Return sensitivity, specificity and F1 by threshold, and the one that holds."""
    rows = report.get("threshold_sweep")
    if not rows:
        return None
    across = _thresholds(_("threshold"))
    lowest = min(row[name] for row in rows for name in SWEPT if row.get(name) is not None)
    up = shares("", low=0.0 if lowest < 0.5 else 0.5)
    both: dict[str, Any] = {"across": across, "up": up}
    lines = [_swept(rows, name, word, both) for name, word in swept_words().items()]
    if decision is not None:
        word = _("in force: %(t)s") % {"t": number_format(round(decision, 3), 3)}
        lines.append(upright(decision, css="here", word=word, **both))
    return LinePlot(
        id="sweep",
        title=_("What a threshold costs"),
        caption=_("Malignant is called from this sum of the malignant classes' scores on."),
        curves=lines,
        head=[_("Threshold"), _("Sensitivity"), _("Specificity"), "F1"],
        rows=[
            [
                number_format(row["threshold"], 2),
                *(percent_or_dash(row.get(name)) for name in SWEPT),
            ]
            for row in rows
        ],
        **both,
    )


SWEPT = ("sensitivity", "specificity", "f1")


def swept_words() -> dict[str, str]:
    return {"sensitivity": _("sensitivity"), "specificity": _("specificity"), "f1": "F1"}


def _swept(rows: list[Report], name: str, word: str, both: dict[str, Any]) -> Curve:
    """Return one line of the sweep, its word where the other two have none."""
    points = [(row["threshold"], row[name]) for row in rows if row.get(name) is not None]
    share, below = {"sensitivity": (0.98, False), "specificity": (0.3, True), "f1": (0.66, True)}[
        name
    ]
    at = points[round(share * (len(points) - 1))] if points else None
    return curve(points, css=f"line-{name}", word=word, at=at, below=below, **both)


def coverage_plot(report: Report, *, abstain: float | None) -> LinePlot | None:
    """Return the errors among the surest images, by how many of them are answered."""
    found = report.get("risk_by_coverage")
    if not found:
        return None
    points = found["points"]
    most = max(RISK_LEAST, max(one["risk"] for one in points))
    across, up = shares(_("images answered")), shares(_("wrong among them"), high=most)
    both: dict[str, Any] = {"across": across, "up": up}
    lines = [curve([(one["coverage"], one["risk"]) for one in points], css="main", **both)]
    if abstain is not None:
        kept = max((one["coverage"] for one in points if one["least_confidence"] >= abstain),
                   default=0.0)  # fmt: skip
        word = _("says uncertain below %(t)s") % {"t": number_format(round(abstain, 2), 2)}
        lines.append(upright(kept, css="here", word=word, **both))
    return LinePlot(
        id="coverage",
        title=_("What abstaining buys"),
        caption=_("The surest images first: how many are answered, and how many of them wrongly."),
        curves=lines,
        head=[_("Answered"), _("Wrong among them"), _("Least confidence")],
        rows=[
            [percent(one["coverage"]), percent(one["risk"]),
             number_format(round(one["least_confidence"], 3), 3)]
            for one in points
        ],
        **both,
    )  # fmt: skip
