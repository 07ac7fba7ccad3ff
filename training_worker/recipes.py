"""How each network is trained unless the command line says otherwise: as its report did.

Networks without a report are trained as the shipped one. Needs no TensorFlow.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

from inference_worker.classes import FOUR_CLASSES, TWO_CLASSES, SmearClass
from training_worker.augmentation import Recipe

REPORTED = Recipe(
    affine_share=1.0,
    rotation=30.0,
    zoom=0.10,
    shift=0.10,
    shear=0.10,
    stain_share=0.0,
    colour_share=1.0,
    hue=0.0,
    saturation=0.0,
    brightness=0.15,
    contrast=0.0,
    grey_share=0.0,
    blur_share=0.5,
    blur=2.0,
    noise_share=0.0,
)
"""The augmentation of the reports: geometry, light and focus, nothing against the stain."""

BENIGN_EXTRA = {"benign": 1.25}
"""The hard error is benign taken for early: benign weighs more than balance alone gives."""

AUGMENTATIONS = {"ours": Recipe(), "reported": REPORTED}


class UnknownAugmentation(ValueError):
    """Neither the name of an augmentation nor a JSON object of its fields."""


@dataclass(frozen=True)
class NetworkRecipe:
    """What a network is trained with. `settings` overrides fields of TrainingSettings."""

    input_size: int = 160
    preprocessing: str = "p1"
    augmentation: Recipe = field(default_factory=Recipe)
    settings: dict[str, Any] = field(default_factory=dict)


def _reported(*, input_size: int, preprocessing: str = "p1", batch_size: int = 32) -> NetworkRecipe:
    """Adam at 1e-3 without weight decay or smoothing: what the reports name."""
    settings = {
        "batch_size": batch_size,
        "learning_rate": 1e-3,
        "weight_decay": 0.0,
        "label_smoothing": 0.0,
    }
    return NetworkRecipe(input_size, preprocessing, REPORTED, settings)


RECIPES = {
    "cnn4": _reported(input_size=224, preprocessing="p1-median"),
    "lenet_lld": _reported(input_size=256),
    "boxnet": _reported(input_size=224),
    "rank_ensemble": _reported(input_size=224),
    **dict.fromkeys(
        (
            "vgg16", "resnet50", "mobilenet", "mobilenet_v2", "efficientnet_v2b0", "densenet201",
            "inception_v3", "xception",
        ),
        _reported(input_size=224),
    ),
}  # fmt: skip

TWO_CLASS_NETWORKS = {"lenet_lld"}


def recipe_of(network: str, *, image_kind: str = "field") -> NetworkRecipe:
    """Return a network's recipe; single cells bear no scale bar, so none is masked."""
    recipe = RECIPES.get(network, NetworkRecipe(augmentation=ours(image_kind)))
    return replace(recipe, preprocessing="cell") if image_kind == "cell" else recipe


def ours(image_kind: str) -> Recipe:
    """Return our own augmentation; more light, tried on fields, would turn a cell's ground grey."""
    return Recipe(brightness=0.10) if image_kind == "cell" else Recipe()


def classes_of(network: str, *, image_kind: str = "field") -> tuple[SmearClass, ...]:
    """Return the classes that a network tells apart in pictures of this kind."""
    binary = network in TWO_CLASS_NETWORKS or image_kind == "cell"
    return TWO_CLASSES if binary else FOUR_CLASSES


def augmentation_of(text: str, *, default: Recipe) -> Recipe:
    """Return the augmentation that a command names: "", a name, or a JSON object of changes.

    Raises:
        UnknownAugmentation: `text` is none of these.
    """
    if text in AUGMENTATIONS or not text:
        return AUGMENTATIONS.get(text, default)
    try:
        return replace(default, **json.loads(text))
    except (ValueError, TypeError) as error:
        known = ", ".join(Recipe.__dataclass_fields__)
        raise UnknownAugmentation(
            f"--augmentation takes {', '.join(AUGMENTATIONS)} or a JSON object of {known}. "
            f"Received: {text!r}"
        ) from error
