"""A bundle that misses a gate by its own figures is made known, and serves nobody by itself."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from hemaqueue.evaluations.models import Evaluation
from hemaqueue.evaluations.selectors import evaluation_deciding
from hemaqueue.registry.models import Activation, ModelStatus, ModelVersion
from tests import factories, judging

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The demonstration's bundle, whose own figures pass, without an evaluation beside it."""
    shipped = Path(settings.ROOT) / "inference_worker/bundles/smearnet-synthetic-1"
    for name in ("bundle.json", "weights.safetensors", "card.md"):
        (tmp_path / name).write_bytes((shipped / name).read_bytes())
    return tmp_path


def with_evaluation(folder: Path, **more: Any) -> Path:
    digest = hashlib.sha256((folder / "bundle.json").read_bytes()).hexdigest()
    version = factories.ModelVersionFactory.build(digest=digest)
    (folder / "evaluation.json").write_text(json.dumps(judging.report(version, **more)))
    return folder


def worsened(folder: Path) -> Path:
    """Let its figures say that it misses one malignant picture of five."""
    path = folder / "bundle.json"
    facts = json.loads(path.read_text())
    facts["metrics"]["binary"]["sensitivity"] = 0.8
    path.write_text(json.dumps(facts))
    return folder


def register(*words: object) -> ModelVersion:
    call_command("register_bundles", *map(str, words), stdout=io.StringIO())
    return ModelVersion.objects.latest("created_at")


def test_the_first_of_a_kind_serves(folder: Path) -> None:
    assert register(folder).status == ModelStatus.SERVING
    assert Activation.objects.get().reason == "First version of this installation"


def test_the_second_is_a_candidate(folder: Path) -> None:
    register(folder)
    assert register(worsened(folder)).status == ModelStatus.CANDIDATE


def test_what_misses_a_gate_waits_for_a_person(folder: Path) -> None:
    assert register(worsened(folder)).status == ModelStatus.CANDIDATE
    assert not Activation.objects.exists()


def test_what_is_measured_only_may_serve_unjudged(folder: Path) -> None:
    assert register("--unjudged", worsened(folder)).status == ModelStatus.SERVING


def test_of_what_is_shipped_the_network_for_cells_waits_for_a_person() -> None:
    shipped = Path(settings.ROOT) / "inference_worker/bundles"
    register(*sorted(path.parent for path in shipped.glob("*/bundle.json")))
    serving = ModelVersion.objects.filter(status=ModelStatus.SERVING)
    assert set(serving.values_list("image_kind", flat=True)) == {"field", "synthetic"}
    waiting = ModelVersion.objects.get(status=ModelStatus.CANDIDATE)
    assert waiting.name == "smearnet-cell-1"


def test_the_evaluation_beside_a_bundle_is_stored_once(folder: Path) -> None:
    version = register(with_evaluation(folder))
    kept = evaluation_deciding(version)
    assert kept is not None
    assert (kept.digest, kept.source) == (version.digest, "imported")
    assert kept.report["threshold_sweep"]
    register(folder)
    assert Evaluation.objects.get() == kept


def test_the_figures_beside_a_bundle_decide_whether_it_serves(folder: Path) -> None:
    disturbed = {"blur": [{"accuracy": 0.5, "recall_drop": {}}]}
    version = register(with_evaluation(folder, robustness=disturbed))
    assert version.status == ModelStatus.CANDIDATE


def test_what_was_judged_here_still_decides(folder: Path) -> None:
    version = register(folder)
    own = judging.evaluation(version)
    register(with_evaluation(folder, accuracy=0.9))
    assert evaluation_deciding(version) == own


def test_a_broken_curve_beside_a_bundle_is_named(folder: Path) -> None:
    (folder / "curve.json").write_text("[]")
    with pytest.raises(CommandError, match=rf"{folder}: The file curve\.json"):
        register(folder)
    assert not ModelVersion.objects.exists()


def test_the_evaluation_of_another_bundle_is_refused(folder: Path) -> None:
    with pytest.raises(CommandError, match=r"evaluation\.json: This report is of another bundle"):
        register(with_evaluation(folder, digest="0" * 64))
    assert not Evaluation.objects.exists()


def test_the_shipped_evaluations_are_of_their_bundles() -> None:
    shipped = Path(settings.ROOT) / "inference_worker/bundles"
    found = sorted(shipped.glob("*/evaluation.json"))
    assert found
    register(*(path.parent for path in found))
    for path in found:
        assert path.stat().st_size <= 200_000
        kept = Evaluation.objects.get(model__name=path.parent.name)
        assert {"threshold_sweep", "robustness", "cost", "roc"} <= kept.report.keys()
