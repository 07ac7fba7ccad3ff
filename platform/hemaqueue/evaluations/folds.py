"""Keeping what cross-validation says of a version's recipe, and reading it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Refused
from hemaqueue.evaluations.models import FoldReport
from hemaqueue.evaluations.services import report_fingerprint

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User
    from hemaqueue.registry.models import ModelVersion


class FoldsUnfit(Refused):
    """This is not a report of `./hemaqueue train --folds K --json`."""

    code = "folds_unfit"


class FoldsOfAnother(Refused):
    """These folds are of another network or kind of image. Name the version of that recipe."""

    code = "folds_of_another"


@transaction.atomic
def folds_import(version: ModelVersion, *, report: Any, by: User | None) -> FoldReport:
    """Take in what `./hemaqueue train --folds K --json` prints, for a version. Twice is once.

    Raises:
        FoldsUnfit: it is something else.
        FoldsOfAnother: the folds are of another network or kind of image.
    """
    try:
        values, settings = _values(report), report["plan"]["settings"]
        recipe = (settings["network"], settings["image_kind"])
    except (KeyError, TypeError, ValueError) as error:
        raise FoldsUnfit from error
    if recipe != (version.network, version.image_kind):
        raise FoldsOfAnother
    kept, made = FoldReport.objects.get_or_create(
        model=version, report_sha256=report_fingerprint(report), defaults=values | {"by": by}
    )
    if made:
        audit_record("folds.record", by=by, about=kept, model=str(version.pk))
    return kept


def folds_latest(version: ModelVersion) -> FoldReport | None:
    return FoldReport.objects.filter(model=version).order_by("-at", "-pk").first()


def _values(report: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of a report; raise KeyError, TypeError or ValueError where it is none."""
    plan, figures = report["plan"], report["figures"]
    means = [figures["accuracy"]["mean"], *(row["mean"] for row in figures.values())]
    if means[0] is None or not all(_is_number(one) for one in means):
        raise ValueError(means)
    if plan["folds"] != len(figures["accuracy"]["by_fold"]) or plan["folds"] < 2:
        raise ValueError(plan["folds"])
    return {
        "folds": plan["folds"],
        "n": int(report["n"]),
        "groups": int(plan["groups"]),
        "split": str(report["split"])[:200],
        "data_digest": str(plan.get("digest", ""))[:64],
        "report": {name: value for name, value in report.items() if name != "folds"},
    }


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and math.isfinite(value))
