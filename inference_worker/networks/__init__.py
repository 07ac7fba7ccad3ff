"""The networks, one file each; a new file is a new network.

Every module has `build(*, classes, input_size, **parameters)` and returns a model that takes
pictures of shape `(batch, input_size, input_size, 3)` with values 0 to 255 and returns
**logits**. Three layers bear the same names everywhere: `features` (the last spatial map),
`pooled` (the vector that describes the picture) and `logits`.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras


class UnknownNetwork(ValueError):
    """No file of this package has this name."""


def network_names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def build_network(name: str, *, classes: int, input_size: int, **parameters: object) -> keras.Model:
    """Build a network with fresh weights; the same seed gives the same weights."""
    if name not in network_names():
        raise UnknownNetwork(f"Known: {', '.join(network_names())}. Received: {name!r}")
    module = import_module(f"{__name__}.{name}")
    return module.build(classes=classes, input_size=input_size, **parameters)
