"""Recording what versions score: once, whole, and never changed."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Refused
from hemaqueue.evaluations.models import EvaluatedPicture, Evaluation, Source
from hemaqueue.registry.models import ModelVersion

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User

NEEDED = (
    "digest", "n", "accuracy", "macro_recall", "macro_f1", "ece", "classes",
    "confusion_matrix", "per_class", "binary", "intervals", "split",
)  # fmt: skip
MOST_PICTURES = 50_000


class EvaluationUnfit(Refused):
    """This is not a report of `./hemaqueue evaluate --json`."""

    code = "evaluation_unfit"


class EvaluationOfAnother(Refused):
    """This report is of another bundle. Judge this one: `./hemaqueue evaluate --json`."""

    code = "evaluation_of_another"


class BundleUnknown(Refused):
    """No version of this installation has the bundle that was judged. Register it first."""

    code = "bundle_unknown"


@transaction.atomic
def evaluation_import(report: Any, *, by: User | None) -> Evaluation:
    """Take in what `./hemaqueue evaluate --json` prints. Twice is once.

    Raises:
        EvaluationUnfit: it is something else.
        BundleUnknown: the bundle was never registered here.
    """
    _check(report)
    version = ModelVersion.objects.filter(digest=report["digest"]).first()
    if version is None:
        raise BundleUnknown
    return evaluation_record(version, report=report, source=Source.IMPORTED, by=by)


def report_read(text: bytes) -> Any:
    """Return the report in a JSON text; raise EvaluationUnfit where there is none."""
    try:
        return json.loads(text, parse_constant=_refuse_number)
    except ValueError as error:
        raise EvaluationUnfit from error


def _refuse_number(name: str) -> float:
    raise ValueError(f"{name} is no figure")


def _check(report: Any) -> None:
    if not isinstance(report, dict) or (missing := [one for one in NEEDED if one not in report]):
        lacking = f" It lacks: {', '.join(missing)}." if isinstance(report, dict) else ""
        raise EvaluationUnfit(f"{EvaluationUnfit.__doc__}{lacking}")
    classes, matrix = report["classes"], report["confusion_matrix"]
    if [len(row) for row in matrix] != [len(classes)] * len(classes):
        raise EvaluationUnfit
    if not isinstance(report["n"], int) or sum(map(sum, matrix)) != report["n"]:
        raise EvaluationUnfit
    if len(report.get("pictures", [])) > MOST_PICTURES:
        raise EvaluationUnfit


@transaction.atomic
def evaluation_record(
    version: ModelVersion, *, report: dict[str, Any], source: str, by: User | None
) -> Evaluation:
    """Keep one report of one version, and its rows for single pictures.

    Raises:
        EvaluationUnfit: a needed figure is missing.
        EvaluationOfAnother: it is of another bundle.
    """
    _check(report)
    if report["digest"] != version.digest:
        raise EvaluationOfAnother
    figures = {name: value for name, value in report.items() if name != "pictures"}
    evaluation, made = Evaluation.objects.get_or_create(
        model=version,
        report_sha256=report_fingerprint(report),
        defaults={
            "digest": version.digest,
            "data_digest": str(report.get("data_digest", "")),
            "data_name": str(report.get("data", ""))[:120],
            "split": str(report["split"])[:200],
            "suite": str(report.get("suite", ""))[:10],
            "n": report["n"],
            "source": source,
            "report": figures,
            "by": by,
        },
    )
    if made:
        _keep_pictures(evaluation, report.get("pictures", []))
        audit_record("evaluation.record", by=by, about=evaluation, model=str(version.pk))
    return evaluation


def report_fingerprint(report: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(report, sort_keys=True).encode()).hexdigest()


def _keep_pictures(evaluation: Evaluation, rows: list[dict[str, Any]]) -> None:
    try:
        EvaluatedPicture.objects.bulk_create(
            (_picture(evaluation, row) for row in rows), batch_size=1000
        )
    except (KeyError, TypeError, ValueError) as error:
        raise EvaluationUnfit("A row of a single picture cannot be read.") from error


def _picture(evaluation: Evaluation, row: dict[str, Any]) -> EvaluatedPicture:
    grid = base64.b64decode(row.get("grid", ""))
    rows, columns = row.get("grid_shape", (0, 0))
    if len(grid) != 2 * rows * columns or len(row["sha256"]) != 64:
        raise ValueError(row["sha256"])
    confidence = float(row["scores"][row["named"]])
    if not math.isfinite(confidence):
        raise ValueError(confidence)
    return EvaluatedPicture(
        evaluation=evaluation,
        sha256=row["sha256"],
        group=str(row.get("group", ""))[:120],
        label=row["label"],
        named=row["named"],
        confidence=confidence,
        scores=row["scores"],
        malignant=row["malignant"],
        called_malignant=row["called_malignant"],
        distance=row.get("distance", 0.0),
        rows=rows,
        columns=columns,
        grid=grid,
    )
