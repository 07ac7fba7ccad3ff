"""From a bundle to a network: architecture from code, weights from the bundle."""

from __future__ import annotations

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
        model.set_weights([bundle.weights[v.path].astype(np.float32) for v in model.weights])
    except (UnknownNetwork, KeyError, TypeError, ValueError) as error:
        raise ModelIntegrity(f"The weights do not fit {facts.network}: {error}") from error
    return model


def weights_of(model: keras.Model) -> Arrays:
    """Return a network's weights by their paths, which are made of layer names."""
    return {variable.path: np.asarray(variable) for variable in model.weights}
