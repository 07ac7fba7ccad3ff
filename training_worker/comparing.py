"""Two bundles on the same pictures: who is right more often, by how much, and where they differ.

McNemar's exact test (1947) asks whether the pictures that only one of the two names rightly are
shared evenly; the paired bootstrap says how large the difference may be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from inference_worker.bundle import Bundle
from inference_worker.engine import Engine
from training_worker.answering import Judged, answers_for
from training_worker.groups import sha256_of
from training_worker.intervals import interval, mean
from training_worker.metrics import Labels, expected_calibration_error, macro_recall
from training_worker.splits import Parts
from training_worker.verdicts import Verdicts


class OtherClasses(ValueError):
    """Two bundles that tell other classes apart have nothing to be compared by."""


Figure = Callable[[Verdicts], float]

FIGURES: dict[str, Figure] = {
    "accuracy": lambda said: float(said.right.mean()),
    "macro_recall": lambda said: macro_recall(said.labels, said.named),
    "sensitivity": lambda said: mean(said.called[said.malignant]),
    "specificity": lambda said: mean(~said.called[~said.malignant]),
    "ece": lambda said: expected_calibration_error(said.labels, said.scores),
}


def compared(
    one: Verdicts,
    other: Verdicts,
    *,
    codes: Sequence[str],
    groups: Sequence[str],
    digests: Sequence[str],
) -> dict[str, Any]:
    """Return what tells two bundles apart.

    Args:
        one: What is judged (the candidate).
        other: What it is judged against (the serving version); same pictures, same order.
        codes: The classes of both, in the order of the scores.
        groups: The pictures' groups; whole groups are drawn in the bootstrap.
        digests: The pictures' SHA-256.
    """
    return {
        "n": len(one.labels),
        "mcnemar": {
            "classes": mcnemar(one.right, other.right),
            "malignant": mcnemar(one.called == one.malignant, other.called == other.malignant),
        },
        "difference": {
            name: _difference(figure, one, other, groups) for name, figure in FIGURES.items()
        },
        "flips": flips(one, other, codes=codes, digests=digests),
    }


def mcnemar(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> dict[str, Any]:
    """Return the pictures that only one of the two gets right, and the exact two-sided p."""
    gained, lost = int(np.sum(one & ~other)), int(np.sum(other & ~one))
    p = binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
    return {"only_this_right": gained, "only_against_right": lost, "p": float(p)}


def _difference(
    figure: Figure, one: Verdicts, other: Verdicts, groups: Sequence[str]
) -> dict[str, Any]:
    def paired(chosen: Labels) -> float:
        return figure(one.part(chosen)) - figure(other.part(chosen))

    values = {"this": figure(one), "against": figure(other)}
    known = {name: None if np.isnan(value) else value for name, value in values.items()}
    missing = None in known.values()
    return known | {
        "difference": None if missing else values["this"] - values["against"],
        "interval": interval(paired, groups=groups),
    }


def flips(
    one: Verdicts, other: Verdicts, *, codes: Sequence[str], digests: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the pictures that the two name or call otherwise, what got worse first."""
    named, before = one.named, other.named
    changed = np.flatnonzero((named != before) | (one.called != other.called))
    rows = [
        {
            "sha256": digests[index],
            "label": codes[int(one.labels[index])],
            "this": codes[int(named[index])],
            "against": codes[int(before[index])],
            "this_malignant": bool(one.called[index]),
            "against_malignant": bool(other.called[index]),
            "this_confidence": float(one.scores[index].max()),
            "against_confidence": float(other.scores[index].max()),
            "change": _change(bool(one.right[index]), bool(other.right[index])),
        }
        for index in changed.tolist()
    ]
    return sorted(rows, key=lambda row: (ORDER.index(row["change"]), row["sha256"]))


ORDER = ("worse", "wrong_both", "called_otherwise", "better")


def _change(right: bool, was_right: bool) -> str:
    if right == was_right:
        return "called_otherwise" if right else "wrong_both"
    return "better" if right else "worse"


def comparison(bundle: Bundle, against: Bundle, parts: Parts) -> dict[str, Any]:
    """Return two bundles' comparison on the pictures to score.

    Raises:
        OtherClasses: the bundles tell other classes apart.
    """
    codes = bundle.facts.codes
    if codes != against.facts.codes:
        raise OtherClasses(
            f"Bundles of the same classes were expected: {', '.join(codes)}. "
            f"Received: {', '.join(against.facts.codes)}."
        )
    judged = Judged.of(parts.scored, codes=codes)

    def verdicts(one: Bundle) -> Verdicts:
        answers = answers_for(Engine(one), judged.pictures)
        return Verdicts.of(one.facts, answers.scores, judged.labels)

    found = compared(
        verdicts(bundle),
        verdicts(against),
        codes=codes,
        groups=judged.groups,
        digests=[sha256_of(sample.path) for sample in parts.scored],
    )
    names = {
        "bundle": bundle.facts.name,
        "digest": bundle.digest,
        "against": {"bundle": against.facts.name, "digest": against.digest},
        "split": parts.kind,
    }
    return names | found


def readable(report: dict[str, Any]) -> str:
    """Return a comparison as a table of lines, without the pictures that flip."""
    other = report["against"]
    lines = [
        f"bundle                 {report['bundle']} ({report['digest'][:12]})",
        f"against                {other['bundle']} ({other['digest'][:12]})",
        f"pictures               {report['n']} ({report['split']})",
    ]
    for name, row in report["difference"].items():
        values = " ".join(_text(row[key]) for key in ("this", "against", "difference"))
        low, high = row["interval"] or (None, None)
        lines.append(f"{name:<23}{values} [{_text(low)}, {_text(high)}]")
    for name, row in report["mcnemar"].items():
        lines.append(
            f"{'McNemar, ' + name:<23}right only here {row['only_this_right']}, "
            f"only there {row['only_against_right']}, p {row['p']:.4g}"
        )
    return "\n".join([*lines, f"named or called otherwise {len(report['flips'])}"])


def _text(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"
