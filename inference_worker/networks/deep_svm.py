"""Deep features, a selection of them, and a support vector machine: the hybrid of the requirements.

A linear machine over standardised features is one dense layer: the columns of features that
were not selected are zero, scale and centre are folded in. So it is stored as arrays, served in
the same graph as every other network, and its class-activation map is exact.
"""

from __future__ import annotations

from typing import Any

import keras


def build(
    *,
    classes: int,
    input_size: int,
    backbone: str = "smearnet",
    backbone_parameters: dict[str, Any] | None = None,
    kept: float = 0.5,
    penalty: float = 0.05,
    weights: str | None = None,
    seed: int = 0,
) -> keras.Model:
    """Return the backbone; its head is replaced by the machine when it has learned.

    Args:
        classes: Number of logits.
        input_size: Side of the square input in pixels.
        backbone: A registered network that ends in pooling and one dense layer.
        backbone_parameters: Its parameters.
        kept: Share of the pooled features that the machine may use.
        penalty: The machine's C.
        weights: None, "imagenet", or the path of a file, for the backbone.
        seed: Seed of the initial weights and of dropout.
    """
    from inference_worker.networks import build_network

    given = {"seed": seed} | (backbone_parameters or {})
    given |= {"weights": weights} if weights else {}
    return build_network(backbone, classes=classes, input_size=input_size, **given)
