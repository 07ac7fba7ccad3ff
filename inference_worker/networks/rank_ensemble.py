"""Fuzzy rank fusion of several networks (Manna et al. 2021, Scientific Reports 11:14538).

Each member's confidence `c` in a class becomes a rank by a Gompertz function turned round,
`1 - exp(-exp(-2 c))`: small where the member is sure. A class outside a member's best `top`
costs the largest rank and no confidence. The product of the ranks' sum and of one minus the
mean confidence is least for the class that is named; the logits are minus its logarithm.

The members learn side by side, each by its own loss: the fusion passes no gradient. A rank has
none that would explain it, so that a picture is explained by occlusion.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import layers, ops

EXPLAINED_BY = "occlusion"
MEMBERS = ("mobilenet", "xception", "inception_v3")
WORST_RANK = 1 - math.exp(-1)
DESCRIPTION = 256
LEAST = 1e-6


class RankFusion(layers.Layer):
    """From members' logits `(n, members, classes)` to fused logits `(n, classes)`."""

    def __init__(self, top: int, **more: Any) -> None:
        super().__init__(**more)
        self.top = top

    def call(self, members: Any) -> Any:
        return fused(ops.softmax(ops.stop_gradient(members)), top=self.top)


def fused(confidences: Any, *, top: int) -> Any:
    """Return logits `(n, classes)` of the members' confidences `(n, members, classes)`."""
    best = ops.top_k(confidences, k=min(top, confidences.shape[-1]))[0][..., -1:]
    among = ops.cast(confidences >= best, "float32")
    ranks = 1 - ops.exp(-ops.exp(-2 * confidences))
    rank = ops.sum(among * ranks + (1 - among) * WORST_RANK, axis=1)
    doubt = 1 - ops.mean(among * confidences, axis=1)
    return -ops.log(ops.maximum(rank * doubt, LEAST))


def build(
    *,
    classes: int,
    input_size: int,
    members: Sequence[str | dict[str, Any]] = MEMBERS,
    top: int = 2,
    weights: str | None = None,
    seed: int = 0,
) -> keras.Model:
    """Return the members over one input, and their fusion.

    Args:
        classes: Number of logits.
        input_size: Side of the square input in pixels, for all members.
        members: Names of registered networks, or objects of `network` and `parameters`.
        top: How many classes of each member count; the others pay the penalty.
        weights: None, "imagenet", or the path of a file, for every member.
        seed: Seed of the first member; each next one has the next.
    """
    inputs = keras.Input((input_size, input_size, 3), name="picture")
    built = [
        _member(one, number, classes=classes, input_size=input_size, weights=weights, seed=seed)
        for number, one in enumerate(members, start=1)
    ]
    maps, vectors, logits = zip(*(one(inputs) for one in built), strict=True)
    smallest = min((one.shape[1] for one in maps), default=1)
    level = [
        layers.Resizing(smallest, smallest, name=f"level{number}")(one)
        for number, one in enumerate(maps, start=1)
    ]
    together = _joined(level, "features")
    narrow = keras.initializers.RandomNormal(stddev=DESCRIPTION**-0.5, seed=seed)
    describe = layers.Dense(
        DESCRIPTION, use_bias=False, kernel_initializer=narrow, trainable=False, name="pooled"
    )
    described = describe(_joined(vectors, "vectors"))
    stacked = layers.Reshape((len(built), classes), name="members")(_joined(logits, "all_logits"))
    outputs = RankFusion(top, name="logits")(stacked)
    return keras.Model(inputs, [outputs, stacked, together, described], name="rank_ensemble")


def _joined(parts: Sequence[Any], name: str) -> Any:
    return (
        layers.Concatenate(name=name)(parts)
        if len(parts) > 1
        else layers.Identity(name=name)(parts[0])
    )


def _member(
    one: str | dict[str, Any],
    number: int,
    *,
    classes: int,
    input_size: int,
    weights: str | None,
    seed: int,
) -> keras.Model:
    """Return a member as (map, vector, logits); its weights' names begin with its number."""
    from inference_worker.networks import build_network

    asked: dict[str, Any] = {"network": one} if isinstance(one, str) else one
    given = {"seed": seed + number - 1} | asked.get("parameters", {})
    given |= {"weights": weights} if weights else {}
    with keras.name_scope(f"member{number}"):
        model = build_network(asked["network"], classes=classes, input_size=input_size, **given)
    outputs = [model.get_layer(name).output for name in ("features", "pooled", "logits")]
    return keras.Model(model.inputs, outputs, name=f"member{number}")
