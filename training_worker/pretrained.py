"""Where the first weights come from: nowhere, ImageNet, a file of a backbone, or a bundle."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inference_worker.bundle import FACTS, load_bundle

if TYPE_CHECKING:
    import keras

    from training_worker.plan import Plan

NONE, IMAGENET = "none", "imagenet"
PUBLISHED = {
    "vgg16", "resnet50", "inception_v3", "xception", "mobilenet", "mobilenet_v2",
    "efficientnet_v2b0", "densenet201",
}  # fmt: skip
PATIENCE = 20.0
"""Seconds that a server of weights may keep silent."""


class PretrainedRefused(ValueError):
    """The first weights that were asked for cannot be had; `code` says why."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code, self.sentence = code, sentence


def require_pretrained(network: str, source: str) -> None:
    """Refuse, before TensorFlow is loaded, what no network could give.

    Raises:
        PretrainedRefused: `pretrained_unknown` or `pretrained_missing`.
    """
    is_bundle = (Path(source) / FACTS).is_file()
    if source == NONE or is_bundle:
        return
    if network not in PUBLISHED:
        raise PretrainedRefused(
            "pretrained_unknown",
            f"{network} starts from nothing or from a bundle's folder: published weights exist "
            f"for {', '.join(sorted(PUBLISHED))}.",
        )
    if source != IMAGENET and not Path(source).is_file():
        raise PretrainedRefused(
            "pretrained_missing",
            f"There is neither a weight file nor a bundle at {source}. Name one, or "
            "`imagenet`, or `none`.",
        )


def started(plan: Plan) -> keras.Model:
    """Return the network of a plan with the weights it starts from.

    Raises:
        PretrainedRefused: they cannot be had, or do not fit the network.
    """
    if plan.pretrained == NONE:
        return plan.model()
    if (folder := Path(plan.pretrained)).is_dir():
        return _from_bundle(plan.model(), folder)
    try:
        with _patience():
            return plan.model(weights=plan.pretrained)
    except Exception as error:  # Keras raises a plain one where a download fails
        raise _refusal(plan.pretrained, error) from error


def named(source: str) -> str:
    """Return what a bundle's facts say of where its first weights came from; never a path."""
    if (folder := Path(source)).is_dir():
        return f"bundle {load_bundle(folder).digest[:12]}"
    return source if source in {NONE, IMAGENET} else "file"


def _from_bundle(model: keras.Model, folder: Path) -> keras.Model:
    """Take what has the same name and shape; another head has another shape and stays fresh."""
    from inference_worker.rebuild import weight_names

    given = load_bundle(folder).weights
    fits = 0
    for name, variable in zip(weight_names(model), model.weights, strict=True):
        if name in given and given[name].shape == tuple(variable.shape):
            variable.assign(given[name].astype(np.float32))
            fits += 1
    if 2 * fits < len(model.weights):
        raise PretrainedRefused(
            "pretrained_unfit",
            f"{fits} of {len(model.weights)} arrays of {folder} fit: it is another network's.",
        )
    return model


def _refusal(source: str, error: Exception) -> PretrainedRefused:
    if source == IMAGENET:
        return PretrainedRefused(
            "pretrained_missing",
            "The ImageNet weights could not be downloaded. Name a file of the backbone's weights "
            "(--pretrained PATH), or train from nothing (--pretrained none).",
        )
    return PretrainedRefused(
        "pretrained_unfit", f"{source} does not hold the backbone's weights: {error}"
    )


@contextmanager
def _patience() -> Iterator[None]:
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PATIENCE)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
