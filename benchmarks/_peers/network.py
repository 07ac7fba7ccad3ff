"""The network as the peers' servers call it: encoded pictures in, one answer for each out."""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from inference_worker.tensorflow_setup import limit_threads

BUNDLE = Path(os.environ.get("PEER_BUNDLE", "."))


class Network:
    """The frozen graph that our own workers call, with one thread."""

    def __init__(self) -> None:
        cv2.setNumThreads(1)
        limit_threads(1)
        from inference_worker.bundle import load_bundle
        from inference_worker.engine import Engine

        self.engine = Engine(load_bundle(BUNDLE))

    def answers(self, inputs: Sequence[np.ndarray]) -> list[dict[str, Any]]:
        """Answer for preprocessed pictures."""
        found = self.engine.answer(np.stack(inputs))
        codes = self.engine.facts.codes
        return [
            {"label": codes[int(named)], "scores": dict(zip(codes, map(float, row), strict=True))}
            for named, row in zip(found.named, found.scores, strict=True)
        ]


def network_input(text: str) -> np.ndarray:
    """Decode one base64 picture to the network's input."""
    from inference_worker.preprocessing import preprocess
    from jobcontract.imaging import canonical_picture

    return preprocess(canonical_picture(base64.b64decode(text)), steps="p1", size=224)
