"""What the platform offers to train, and the classes it knows, are the worker's."""

from __future__ import annotations

import pytest

from hemaqueue.training.naming import CELLS, FIELDS
from hemaqueue.training.networks import NETWORKS
from inference_worker.classes import FOUR_CLASSES, TWO_CLASSES, SmearClass, class_code
from inference_worker.networks import network_names


def test_every_network_is_offered() -> None:
    assert sorted(NETWORKS) == network_names()


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
