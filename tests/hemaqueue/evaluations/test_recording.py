"""An evaluation is recorded once, whole, and never changed; what is none is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, transaction
from django.db.models import ProtectedError

from hemaqueue.evaluations.models import EvaluatedPicture, Evaluation
from hemaqueue.evaluations.selectors import pictures_of
from hemaqueue.evaluations.services import BundleUnknown, EvaluationUnfit, evaluation_import
from hemaqueue.registry.models import ModelVersion
from tests import factories, judging

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(db: None) -> ModelVersion:
    return factories.ModelVersionFactory()


def test_a_report_is_kept_with_its_bundle_its_data_and_its_pictures(version: ModelVersion) -> None:
    kept = evaluation_import(judging.report(version), by=None)
    assert (kept.digest, kept.data_digest, kept.split) == (
        version.digest, "d" * 64, "field-disjoint",
    )  # fmt: skip
    assert kept.n == kept.pictures.count() == 60
    assert "pictures" not in kept.report
    wrong = pictures_of(kept)
    assert [(one.label, one.named) for one in wrong] == [("benign", "early_pre_b")] * 3
    assert wrong[0].confidence > wrong[2].confidence
    assert (wrong[0].rows, len(bytes(wrong[0].grid))) == (3, 18)


def test_the_same_report_twice_is_one(version: ModelVersion) -> None:
    first = evaluation_import(judging.report(version), by=None)
    assert evaluation_import(judging.report(version), by=None) == first
    assert Evaluation.objects.count() == 1
    assert EvaluatedPicture.objects.count() == 60


@pytest.mark.parametrize("table", [Evaluation, EvaluatedPicture])
def test_nothing_of_it_is_changed_or_removed(version: ModelVersion, table: Any) -> None:
    judging.evaluation(version)
    with pytest.raises((InternalError, ProtectedError)), transaction.atomic():
        table.objects.all().delete()
    column = "n" if table is Evaluation else "confidence"
    with pytest.raises(InternalError), transaction.atomic():
        table.objects.update(**{column: 1})


def broken(version: ModelVersion, change: str) -> Any:
    said = judging.report(version)
    match change:
        case "a list":
            return [said]
        case "no matrix":
            del said["confusion_matrix"]
        case "other counts":
            said["n"] = 61
        case "a row too few":
            said["confusion_matrix"] = said["confusion_matrix"][:3]
        case "a picture without scores":
            del said["pictures"][0]["scores"]
        case "a heatmap of another size":
            said["pictures"][0]["grid_shape"] = [2, 2]
    return said


@pytest.mark.parametrize(
    "change",
    ["a list", "no matrix", "other counts", "a row too few", "a picture without scores",
     "a heatmap of another size"],
)  # fmt: skip
def test_what_is_no_report_is_refused_and_leaves_nothing(
    version: ModelVersion, change: str
) -> None:
    with pytest.raises(EvaluationUnfit):
        evaluation_import(broken(version, change), by=None)
    assert not Evaluation.objects.exists()


def test_a_bundle_that_nobody_registered_has_no_evaluation(version: ModelVersion) -> None:
    with pytest.raises(BundleUnknown):
        evaluation_import(judging.report(version, digest="0" * 64), by=None)


def test_the_command_takes_files_in(version: ModelVersion, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text(json.dumps(judging.report(version)))
    call_command("import_evaluation", path)
    assert Evaluation.objects.get().source == "imported"
    path.write_text('{"accuracy": NaN}')
    with pytest.raises(CommandError, match="not a report"):
        call_command("import_evaluation", path)
