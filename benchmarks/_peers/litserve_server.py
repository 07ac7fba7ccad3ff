"""LitServe with batching: one worker process a core, one thread each."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import litserve
import numpy as np

from benchmarks._peers.network import Network, network_input


class Smears(litserve.LitAPI):
    def setup(self, device: str) -> None:
        self.network = Network()

    def decode_request(self, request: dict[str, str]) -> np.ndarray:
        return network_input(request["picture"])

    def batch(self, inputs: Sequence[np.ndarray]) -> Sequence[np.ndarray]:
        return inputs

    def predict(self, inputs: Sequence[np.ndarray]) -> list[dict[str, Any]]:
        return self.network.answers(inputs)

    def unbatch(self, output: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return output

    def encode_response(self, output: dict[str, Any]) -> dict[str, Any]:
        return output


if __name__ == "__main__":
    server = litserve.LitServer(
        Smears(max_batch_size=16, batch_timeout=0.01),
        accelerator="cpu",
        workers_per_device=len(os.sched_getaffinity(0)),
    )
    server.run(host="127.0.0.1", port=int(sys.argv[1]), generate_client_file=False)
