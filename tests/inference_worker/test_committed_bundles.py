"""What is shipped loads, is small, and says what it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inference_worker.bundle import CARD, SERVED, load_bundle, served_bundle
from inference_worker.engine import Engine
from tests.inference_worker.making import noise

MEGABYTES_IN_ALL = 12
FOLDERS = sorted(path for path in SERVED.iterdir() if path.is_dir())


def test_there_is_one_for_each_kind() -> None:
    assert served_bundle("field").name == "smearnet-field-1"
    assert served_bundle("synthetic").name == "smearnet-synthetic-1"
    assert served_bundle("cell").name == "smearnet-cell-1"
    with pytest.raises(FileNotFoundError):
        served_bundle("whole slide")


def test_together_they_are_small() -> None:
    size = sum(path.stat().st_size for path in SERVED.rglob("*") if path.is_file())
    assert size < MEGABYTES_IN_ALL * 1e6


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_shipped_bundle_answers(folder: Path) -> None:
    bundle = load_bundle(folder)
    answers = Engine(bundle).answer(noise(2, size=bundle.facts.input_size))
    assert answers.scores.shape == (2, len(bundle.facts.classes))
    assert bundle.facts.name == folder.name
    assert bundle.facts.demonstration == (bundle.facts.image_kind == "synthetic")


@pytest.mark.parametrize(("kind", "named"), [("field", "looks"), ("cell", "subjects")])
def test_what_a_bundle_learned_from_is_shipped_with_it(kind: str, named: str) -> None:
    """Looks that are equal stand there once; the field version learned from 1,551 groups."""
    folder = served_bundle(kind)
    said, learned = json.loads((folder / "learned.json").read_text()), load_bundle(folder).facts
    assert said["image_kind"] == kind
    assert learned.dataset["groups"] <= len(said[named]) <= learned.dataset["images"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_the_card_states_the_figures_of_the_bundle(folder: Path) -> None:
    card, facts = (folder / CARD).read_text(), load_bundle(folder).facts
    assert f"{100 * facts.metrics['accuracy']:.1f} %" in card
    assert f"n = {facts.metrics['n']}" in card
    assert "colour-only baseline" in card
    assert "Research use only" in card
