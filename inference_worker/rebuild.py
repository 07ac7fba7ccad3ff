"""From a bundle to a network: architecture from code, weights from the bundle."""

from __future__ import annotations

import re

import keras
import numpy as np

from inference_worker.bundle import Arrays, Bundle, ModelIntegrity
from inference_worker.networks import UnknownNetwork, build_network


def rebuild(bundle: Bundle) -> keras.Model:
    """Return the bundle's network with its weights, in single precision.

    Raises:
        ModelIntegrity: the weights do not fit the network that the facts name.
    """
    facts = bundle.facts
    try:
        model = build_network(
            facts.network,
            classes=len(facts.classes),
            input_size=facts.input_size,
            **facts.parameters,
        )
        names = weight_names(model)
        model.set_weights([bundle.weights[name].astype(np.float32) for name in names])
    except (UnknownNetwork, KeyError, TypeError, ValueError) as error:
        raise ModelIntegrity(f"The weights do not fit {facts.network}: {error}") from error
    return model


def weights_of(model: keras.Model) -> Arrays:
    """Return a network's weights by their names."""
    values = map(np.asarray, model.weights)
    return dict(zip(weight_names(model), values, strict=True))


AUTOMATIC = re.compile(r"(?:(?:separable_|depthwise_)?conv2d|batch_normalization|dense)(?:_\d+)?")


def weight_names(model: keras.Model) -> list[str]:
    """Return the weights' paths, which are made of layer names, in their order.

    Keras numbers the layers that nobody named by all that the process has built so far: here
    they are numbered by their place in this network.
    """
    numbers: dict[str, str] = {}

    def name(part: str) -> str:
        if not AUTOMATIC.fullmatch(part):
            return part
        return numbers.setdefault(part, f"unnamed{len(numbers)}")

    return ["/".join(map(name, variable.path.split("/"))) for variable in model.weights]
