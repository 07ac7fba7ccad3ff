"""The networks, one file each; a new file is a new network.

Every module has `build(*, classes, input_size, **parameters)` and returns a model that takes
pictures of shape `(batch, input_size, input_size, 3)` with values 0 to 255 and returns
**logits**, as its first output where it has more. Three layers bear the same names everywhere:
`features` (the last spatial map), `pooled` (the vector that describes the picture) and `logits`.
The weights that tell classes apart are those of the layers `HEADS`, in a network or its members.
Files whose name begins with an underscore are shared by networks and are none themselves.
"""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import keras


HEADS = {"logits", "logit"}
"""Layers whose weights turn a description into classes; `logit` where two classes have one."""


class UnknownNetwork(ValueError):
    """No file of this package has this name."""


def network_names() -> list[str]:
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name for name in found if not name.startswith("_"))


def build_network(name: str, *, classes: int, input_size: int, **parameters: object) -> keras.Model:
    """Build a network with fresh weights; the same seed gives the same weights."""
    return _module(name).build(classes=classes, input_size=input_size, **parameters)


def all_parameters(name: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return what rebuilds the same architecture: the given parameters over the defaults.

    A bundle names them all, so that a default may change without changing a bundle. Where the
    first weights came from is no part of the architecture.
    """
    known = inspect.signature(_module(name).build).parameters
    defaults = {key: one.default for key, one in known.items() if one.default is not one.empty}
    return {key: value for key, value in (defaults | given).items() if key != "weights"}


def explained_by(name: str) -> str:
    """Return how a network is explained: `gradcam`, or `occlusion` where no gradient would do."""
    return getattr(_module(name), "EXPLAINED_BY", "gradcam")


def _module(name: str) -> ModuleType:
    if name not in network_names():
        raise UnknownNetwork(f"Known: {', '.join(network_names())}. Received: {name!r}")
    return import_module(f"{__name__}.{name}")
