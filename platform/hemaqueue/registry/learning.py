"""The learning curve that lies beside a bundle: kept in the store, as figures by epoch."""

from __future__ import annotations

import json
import math
from typing import Any

from hemaqueue.common.errors import Refused
from hemaqueue.registry.models import ModelVersion
from jobcontract import storage

CURVE = "curve.json"
MOST_EPOCHS = 5000

Curve = list[dict[str, float]]


class CurveUnfit(Refused):
    """The file curve.json beside the bundle is no learning curve. Take it away, or train again."""

    code = "curve_unfit"


def curve_keep(version: ModelVersion, text: bytes) -> None:
    """Keep what `./hemaqueue train` wrote of a version's epochs.

    Raises:
        CurveUnfit: it is something else.
    """
    try:
        curve = json.loads(text)
        if not 0 < len(curve) <= MOST_EPOCHS or not all(map(_is_epoch, curve)):
            raise ValueError
    except (ValueError, TypeError) as error:
        raise CurveUnfit from error
    storage.write(f"{version.bundle_key}/{CURVE}", json.dumps(curve).encode())


def _is_epoch(one: Any) -> bool:
    values = one.values() if isinstance(one, dict) and "epoch" in one else ["none"]
    return all(isinstance(value, int | float) and math.isfinite(value) for value in values)


def curve_kept(version: ModelVersion) -> Curve:
    """Return the curve that lay beside a version's bundle; [] where there was none."""
    try:
        return list(json.loads(storage.read(f"{version.bundle_key}/{CURVE}")))
    except storage.FileMissing:
        return []
