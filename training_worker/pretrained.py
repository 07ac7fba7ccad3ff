"""Where the first weights come from: nowhere, ImageNet, a file of a backbone, or arrays by name,
as a bundle has them.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from inference_worker.bundle import FACTS, Arrays, load_bundle

if TYPE_CHECKING:
    import keras

    from training_worker.plan import Plan

NONE, IMAGENET = "none", "imagenet"
PUBLISHED = {
    "vgg16", "resnet50", "inception_v3", "xception", "mobilenet", "mobilenet_v2",
    "efficientnet_v2b0", "densenet201",
}  # fmt: skip
ARRAYS = ".safetensors"
PATIENCE = 20.0
"""Seconds that a server of weights may keep silent."""


class PretrainedRefused(ValueError):
    """The first weights that were asked for cannot be had; `code` says why."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code, self.sentence = code, sentence


def require_pretrained(network: str, source: str, *, parameters: dict[str, Any]) -> None:
    """Refuse, before TensorFlow is loaded, what no network could give.

    `parameters` are those that were given: they name what an ensemble or a hybrid is made of.

    Raises:
        PretrainedRefused: `pretrained_unknown` or `pretrained_missing`.
    """
    path = Path(source)
    if source == NONE or (path / FACTS).is_file() or (path.suffix == ARRAYS and path.is_file()):
        return
    if not _is_published(network, parameters):
        raise PretrainedRefused(
            "pretrained_unknown",
            f"{network} starts from nothing, from a bundle's folder or from a file of arrays by "
            f"name ({ARRAYS}): published weights exist for {', '.join(sorted(PUBLISHED))}, and "
            "for rank_ensemble and deep_svm where they are made of these.",
        )
    if source != IMAGENET and not path.is_file():
        raise PretrainedRefused(
            "pretrained_missing",
            f"There is neither a weight file nor a bundle at {source}. Name one, or "
            "`imagenet`, or `none`.",
        )


def _is_published(network: str, parameters: dict[str, Any]) -> bool:
    """Say whether published weights exist for all that a network is made of.

    An ensemble's usual members have some, a hybrid's usual backbone has none.
    """
    if network == "deep_svm":
        own = parameters.get("backbone_parameters") or {}
        return _is_published(parameters.get("backbone", ""), own)
    if network == "rank_ensemble":
        members = parameters.get("members", ())
        named = ((one, {}) if isinstance(one, str) else _part(one) for one in members)
        return all(_is_published(name, own) for name, own in named)
    return network in PUBLISHED


def _part(member: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return member["network"], member.get("parameters") or {}


def started(plan: Plan) -> keras.Model:
    """Return the network of a plan with the weights it starts from.

    Raises:
        PretrainedRefused: they cannot be had, or do not fit the network.
    """
    if plan.pretrained == NONE:
        return plan.model()
    if (source := Path(plan.pretrained)).is_dir() or source.suffix == ARRAYS:
        return _with_arrays(plan.model(), _arrays(source), source)
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


def _arrays(source: Path) -> Arrays:
    try:
        return load_bundle(source).weights if source.is_dir() else load_file(source)
    except SafetensorError as error:
        raise _refusal(str(source), error) from error


def _with_arrays(model: keras.Model, given: Arrays, source: Path) -> keras.Model:
    """Take what has the same name and shape; another head has another shape and stays fresh."""
    from inference_worker.rebuild import weight_names

    fits = 0
    for name, variable in zip(weight_names(model), model.weights, strict=True):
        if name in given and given[name].shape == tuple(variable.shape):
            variable.assign(given[name].astype(np.float32))
            fits += 1
    if 2 * fits < len(model.weights):
        raise PretrainedRefused(
            "pretrained_unfit",
            f"{fits} of {len(model.weights)} arrays of {source} fit: it is another network's.",
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
