"""What cross-validation says of a version's recipe is kept, shown, and of no other version."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from hemaqueue.evaluations.folds import FoldsOfAnother, FoldsUnfit, folds_import, folds_latest
from hemaqueue.evaluations.models import FoldReport
from hemaqueue.registry.models import ModelVersion
from tests import factories, judging
from tests.people import Script

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> ModelVersion:
    return factories.ModelVersionFactory()


def text(client: Client, version: ModelVersion) -> str:
    html = client.get(reverse("model", args=[version.pk])).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def signed_in() -> Client:
    client = Client()
    client.force_login(factories.tessa(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_report_is_kept_once_without_what_each_fold_says(version: ModelVersion) -> None:
    said = judging.fold_report(version)
    kept = folds_import(version, report=said, by=None)
    assert folds_import(version, report=said, by=None) == kept == folds_latest(version)
    assert (kept.folds, kept.n, kept.groups, kept.split) == (3, 180, 24, "field-disjoint")
    assert kept.data_digest == "e" * 64
    assert "folds" not in kept.report
    assert len(kept.report["figures"]["accuracy"]["by_fold"]) == 3


@pytest.mark.parametrize("other", [{"network": "mobilenet_v2"}, {"image_kind": "cell"}])
def test_folds_of_another_recipe_are_refused(version: ModelVersion, other: Any) -> None:
    with pytest.raises(FoldsOfAnother):
        folds_import(version, report=judging.fold_report(version, **other), by=None)


def broken(version: ModelVersion, change: str) -> Any:
    said = judging.fold_report(version)
    match change:
        case "an evaluation":
            return judging.report(version)
        case "a list":
            return [said]
        case "no figures":
            return said | {"figures": {}}
        case "a word":
            said["figures"]["macro_f1"]["mean"] = "good"
        case "other folds":
            said["plan"]["folds"] = 5
        case "no accuracy":
            said["figures"]["accuracy"]["mean"] = None
    return said


@pytest.mark.parametrize(
    "change", ["an evaluation", "a list", "no figures", "a word", "other folds", "no accuracy"]
)
def test_what_is_no_report_of_folds_is_refused(version: ModelVersion, change: str) -> None:
    with pytest.raises(FoldsUnfit):
        folds_import(version, report=broken(version, change), by=None)
    assert not FoldReport.objects.exists()


def test_folds_stand_beside_colour_and_the_single_split(version: ModelVersion) -> None:
    client = signed_in()
    assert "Cross-validation" not in text(client, version)
    folds_import(version, report=judging.fold_report(version), by=None)
    shown = text(client, version)
    assert "3 folds, 180 images of 24 groups, field-disjoint" in shown
    assert "Accuracy 98.3 % ± 1.7 80.0 % ± 0.0 97.2 %" in shown
    judging.evaluation(version)
    assert "Accuracy 98.3 % ± 1.7 80.0 % ± 0.0 95.0 %" in text(client, version)


def test_the_interface_has_the_newest(version: ModelVersion) -> None:
    script = Script(factories.tessa())
    address = f"/api/v1/models/{version.pk}/evaluations/"
    assert script.get(address).json()["folds"] is None
    folds_import(version, report=judging.fold_report(version), by=None)
    folds_import(version, report=judging.fold_report(version, folds=4), by=None)
    found = script.get(address).json()["folds"]
    assert (found["folds"], found["n"]) == (4, 240)
    assert found["report"]["figures"]["accuracy"]["colour_only_baseline"]["mean"] == 0.8


def test_the_command_takes_a_report_in_by_the_version_s_name(
    version: ModelVersion, tmp_path: Path
) -> None:
    file = tmp_path / "report.json"
    file.write_text(json.dumps(judging.fold_report(version)))
    call_command("import_folds", version.name, str(file))
    assert FoldReport.objects.get().model == version
    with pytest.raises(CommandError, match="No version"):
        call_command("import_folds", "nobody", str(file))
    file.write_text("{}")
    with pytest.raises(CommandError, match="not a report"):
        call_command("import_folds", version.name, str(file))
