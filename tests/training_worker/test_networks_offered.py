"""What the platform offers to train, and the classes it knows, are the worker's."""

from __future__ import annotations

import pytest

from hemaqueue.training.naming import CELLS, FIELDS
from hemaqueue.training.networks import NETWORKS
from inference_worker.classes import FOUR_CLASSES, TWO_CLASSES, SmearClass, class_code
from inference_worker.networks import network_names

#: It has nothing to learn: thresholds and morphology.
CLASSICAL = {"regions"}


def test_every_network_but_the_classical_one_is_offered() -> None:
    assert set(NETWORKS) == set(network_names()) - CLASSICAL


@pytest.mark.parametrize(("known", "classes"), [(FIELDS, FOUR_CLASSES), (CELLS, TWO_CLASSES)])
def test_a_kind_of_image_has_the_classes_of_its_networks(
    known: dict[str, tuple[str, ...]], classes: tuple[SmearClass, ...]
) -> None:
    assert list(known) == [one.code for one in classes]
    for one in classes:
        words = {word.casefold() for word in (one.code, *known[one.code])}
        assert {word.casefold() for word in (one.name, *one.aliases)} <= words
    for code in known:
        assert class_code(code, classes=classes) == code
