"""What the platform offers to train is what the worker knows how to."""

from __future__ import annotations

from hemaqueue.training.networks import NETWORKS
from inference_worker.networks import network_names

#: It has nothing to learn: thresholds and morphology.
CLASSICAL = {"regions"}


def test_every_network_but_the_classical_one_is_offered() -> None:
    assert set(NETWORKS) == set(network_names()) - CLASSICAL
