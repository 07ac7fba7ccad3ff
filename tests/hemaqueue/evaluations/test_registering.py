"""A bundle that misses a gate by its own figures is made known, and serves nobody by itself."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from hemaqueue.registry.models import Activation, ModelStatus, ModelVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The demonstration's bundle, whose own figures pass."""
    shipped = Path(settings.ROOT) / "inference_worker/bundles/smearnet-synthetic-1"
    for path in shipped.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


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
