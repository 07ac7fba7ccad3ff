"""A candidate bundle as a worker leaves it in the store, whole or with something wrong."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from hemaqueue.registry.models import ModelVersion
from jobcontract import storage

KEY = "candidates/run/job-1"
METRICS = {
    "n": 40,
    "accuracy": 0.9,
    "macro_recall": 0.88,
    "binary": {"sensitivity": 0.97, "specificity": 0.8},
    "serving": {"accuracy": 0.85, "macro_recall": 0.9, "binary": {"sensitivity": 0.96}},
    "split": "groups held out of the snapshot",
}
TRAINING = {"settings": {"seed": 3, "epochs": 2, "batch_size": 16, "recipe": {"hue": 40.0}}}
CHANGES = ("weights", "facts", "parent", "beside", "neither", "kind", "missing", "nan", "no json")


def left_candidate(base: ModelVersion, *, change: str = "") -> tuple[str, str]:
    """Store a bundle made from `base` and return (key, digest), as the worker tells them."""
    weights = b"other weights"
    facts: dict[str, Any] = base.facts | {
        "weights_sha256": hashlib.sha256(weights).hexdigest(),
        "dataset": _lineage(base.digest, change=change),
        "metrics": METRICS | ({"ece": float("nan")} if change == "nan" else {}),
    }
    if change == "kind":
        facts["image_kind"] = "field"
    description = b"no json" if change == "no json" else json.dumps(facts).encode()
    digest = hashlib.sha256(description).hexdigest()
    storage.write(f"{KEY}/weights.safetensors", b"altered" if change == "weights" else weights)
    storage.write(f"{KEY}/bundle.json", description + (b" " if change == "facts" else b""))
    storage.write(f"{KEY}/card.md", b"# A candidate")
    if change == "missing":
        storage.remove(f"{KEY}/weights.safetensors")
    return KEY, digest


def _lineage(digest: str, *, change: str) -> dict[str, str]:
    """Return what a bundle says of its base; `earlier` is how workers of former releases did."""
    told = {
        "earlier": {"parent": digest},
        "from nothing": {"judged_beside": digest},
        "parent": {"judged_beside": digest, "parent": "another"},
        "beside": {"judged_beside": "another", "parent": digest},
        "neither": {},
    }
    return told.get(change, {"judged_beside": digest, "parent": digest})
