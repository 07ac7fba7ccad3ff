"""Two bundles on the same pictures: who is right more often, by how much, and where they differ.

The statistics are those of `jobcontract.paired`, with which the platform compares, too.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from inference_worker.bundle import Bundle
from inference_worker.engine import Engine
from jobcontract.paired import CHANGES, Said, change, differences, mcnemar
from training_worker.answering import Judged, answers_for
from training_worker.cost import cost_of
from training_worker.groups import sha256_of
from training_worker.splits import Parts
from training_worker.verdicts import Verdicts

SIDES = ("this", "against")


class OtherClasses(ValueError):
    """Two bundles that tell other classes apart have nothing to be compared by."""


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
    this, against = _said(one), _said(other)
    tests = {
        "classes": mcnemar(this.right, against.right),
        "malignant": mcnemar(this.called == this.malignant, against.called == against.malignant),
    }
    found = differences(this, against, groups=groups)
    return {
        "n": len(one.labels),
        "mcnemar": {name: dataclasses.asdict(test) for name, test in tests.items()},
        "difference": {name: dataclasses.asdict(row) for name, row in found.items()},
        "flips": flips(one, other, codes=codes, digests=digests),
    }


def _said(verdicts: Verdicts) -> Said:
    return Said(
        labels=verdicts.labels,
        named=verdicts.named,
        confidence=verdicts.scores.max(1),
        malignant=verdicts.malignant,
        called=verdicts.called,
    )


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
            "change": change(bool(one.right[index]), bool(other.right[index])),
        }
        for index in changed.tolist()
    ]
    return sorted(rows, key=lambda row: (CHANGES.index(row["change"]), row["sha256"]))


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
    engines = Engine(bundle), Engine(against)

    def verdicts(engine: Engine) -> Verdicts:
        answers = answers_for(engine, judged.pictures)
        return Verdicts.of(engine.facts, answers.scores, judged.labels)

    this, other = map(verdicts, engines)
    found = compared(
        this,
        other,
        codes=codes,
        groups=judged.groups,
        digests=[sha256_of(sample.path) for sample in parts.scored],
    )
    names = {
        "bundle": bundle.facts.name,
        "digest": bundle.digest,
        "against": {"bundle": against.facts.name, "digest": against.digest},
        "split": parts.kind,
        "cost": {name: cost_of(one) for name, one in zip(SIDES, engines, strict=True)},
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
    for name, cost in report["cost"].items():
        lines.append(
            f"{'cost, ' + name:<23}{cost['parameters']} parameters, "
            f"{cost['milliseconds']['batch_1']:.1f} ms a picture"
        )
    for name, row in report["mcnemar"].items():
        lines.append(
            f"{'McNemar, ' + name:<23}right only here {row['only_this_right']}, "
            f"only there {row['only_against_right']}, p {row['p']:.4g}"
        )
    return "\n".join([*lines, f"named or called otherwise {len(report['flips'])}"])


def _text(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"
