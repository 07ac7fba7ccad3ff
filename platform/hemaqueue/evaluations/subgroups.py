"""Figures by site, stain, specimen, quality and data set: what a worker cannot know.

Records hold no device and no age. What the manifest of a data set said of its pictures was kept at
its import; what that of a folder says, `./hemaqueue evaluate` parts by
(`training_worker/subgroups.py`).
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from hemaqueue.predictions.classes import class_words
from hemaqueue.registry.models import ModelVersion
from hemaqueue.specimens.models import SmearImage

Rows = list[dict[str, Any]]
Subgroups = dict[str, dict[str, dict[str, Any]]]
FEW = 20
"""A group with fewer pictures says too little: its figures are not told."""


def with_subgroups(
    report: dict[str, Any], *, version: ModelVersion, imported: dict[str, dict[str, str]]
) -> dict[str, Any]:
    """Return a report with the figures of each group of its pictures that are here.

    Args:
        report: What a worker found, with a row for each picture.
        version: The version that was judged.
        imported: The data set and the traits of each imported picture, by its SHA-256.
    """
    rows: Rows = report.get("pictures", [])
    digests = [row["sha256"] for row in rows]
    here = SmearImage.objects.filter(kind=version.image_kind, sha256__in=digests)
    related = here.select_related("site", "slide__specimen")
    known = {image.sha256: _traits(image) for image in related}
    groups: dict[str, dict[str, Rows]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        traits = imported.get(row["sha256"], {}) | known.get(row["sha256"], {})
        for trait, value in traits.items():
            groups[trait][value].append(row)
    found = {
        trait: {value: _brief(same) for value, same in sorted(values.items())}
        for trait, values in groups.items()
    }
    return report | {"subgroups": found}


def subgroups_told(report: dict[str, Any]) -> Subgroups:
    """Return the groups as they are shown; one of too few pictures has their number alone."""
    return {
        trait: {
            name: {"n": row["n"], "too_few": True} if row["n"] < FEW else row
            for name, row in groups.items()
        }
        for trait, groups in (report.get("subgroups") or {}).items()
    }


def _traits(image: SmearImage) -> dict[str, str]:
    return {
        "site": image.site.name,
        "stain": image.slide.stain or "–",
        "specimen": image.slide.specimen.type,
        "quality": ", ".join(image.quality_flags) or "good",
    }


def _brief(rows: Rows) -> dict[str, Any]:
    sides = {True: [0, 0], False: [0, 0]}
    for row in rows:
        malignant = class_words(row["label"]).malignant
        sides[malignant][0] += row["called_malignant"] == malignant
        sides[malignant][1] += 1
    return {
        "n": len(rows),
        "accuracy": sum(row["label"] == row["named"] for row in rows) / len(rows),
        "macro_recall": _macro_recall(rows),
        "sensitivity": _share(*sides[True]),
        "specificity": _share(*sides[False]),
    }


def _macro_recall(rows: Rows) -> float:
    """Return the mean recall of the classes that occur."""
    labels = {row["label"] for row in rows}
    recalls = []
    for label in labels:
        same = [row["named"] == label for row in rows if row["label"] == label]
        recalls.append(sum(same) / len(same))
    return sum(recalls) / len(recalls)


def _share(count: int, of: int) -> float | None:
    return count / of if of else None
