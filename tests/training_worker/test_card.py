"""A card tells the story of the data that a bundle learned from, and of no other."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from inference_worker.bundle import FACTS, BundleFacts, served_bundle
from jobcontract.messages import SealedFile, TrainingImage
from training_worker.card import card_text
from training_worker.splits import apart, with_apart

STORIES = {"field": "89 patients", "cell": "C-NMC 2019", "synthetic": "own generator"}


def shipped(kind: str) -> BundleFacts:
    return BundleFacts.from_json(json.loads((served_bundle(kind) / FACTS).read_text()))


@pytest.mark.parametrize("kind", STORIES)
def test_a_shipped_bundle_tells_where_its_data_comes_from(kind: str) -> None:
    card = card_text(shipped(kind))
    assert STORIES[kind] in card
    assert "held out of the training part" in " ".join(card.split())


@pytest.mark.parametrize("kind", STORIES)
def test_of_another_folder_of_that_kind_only_the_counts_are_told(kind: str) -> None:
    facts = shipped(kind)
    card = card_text(replace(facts, dataset=facts.dataset | {"digest": "0" * 64}))
    assert not [words for words in STORIES.values() if words in card]
    assert f"| Benign | {facts.dataset['learned']['benign']} |" in card
    assert f"nor of any class beyond its {len(facts.classes)}." in card


def test_the_split_is_by_people_only_where_all_are_known() -> None:
    def images(*known: bool | None) -> list[TrainingImage]:
        file = SealedFile(key="k", data_key="d")
        return [TrainingImage(file, "benign", "g", "s", origin={"person": one}) for one in known]

    assert apart(images(True, True)) == "by patient, subject or case"
    assert "optimistic" in apart(images(True, False))
    assert with_apart("held out", images(True, None)) == "held out", "an earlier platform told less"
