"""BentoML with adaptive batching: one worker process a core, one thread each."""

from __future__ import annotations

import os
from typing import Any

import bentoml

from benchmarks._peers.network import Network, network_input


@bentoml.service(workers=len(os.sched_getaffinity(0)), traffic={"timeout": 60})
class Smears:
    def __init__(self) -> None:
        self.network = Network()

    @bentoml.api(batchable=True, max_batch_size=16, max_latency_ms=10_000)
    def predict(self, pictures: list[str]) -> list[dict[str, Any]]:
        return self.network.answers([network_input(one) for one in pictures])
