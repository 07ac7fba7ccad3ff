"""Registering bundles: whole, signed, and once."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.db import transaction

from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Refused
from hemaqueue.registry.learning import CURVE, curve_keep
from hemaqueue.registry.models import ModelVersion
from jobcontract import signing, storage

WEIGHTS = "weights.safetensors"
FACTS = "bundle.json"
CARD = "card.md"
SIGNATURE = "signature"


class BundleRefused(Refused):
    """The bundle's weights are not those its description was written for."""

    code = "model_integrity"


@transaction.atomic
def bundle_register(folder: Path, *, name: str = "") -> ModelVersion:
    """Copy a bundle into the store, sign it, and note it as a candidate. Twice is once.

    Raises:
        BundleRefused: a file is missing, or the weights' SHA-256 is not the described one.
        CurveUnfit: what lies beside it is no learning curve.
    """
    try:
        description = (folder / FACTS).read_bytes()
        weights = (folder / WEIGHTS).read_bytes()
    except FileNotFoundError as error:
        raise BundleRefused(f"The bundle has no {Path(str(error.filename)).name}.") from error
    card, curve = folder / CARD, folder / CURVE
    version = _registered(
        description,
        weights=weights,
        name=name or folder.name,
        card=card.read_text() if card.exists() else "",
    )
    if curve.exists():
        curve_keep(version, curve.read_bytes())
    return version


def _registered(description: bytes, *, weights: bytes, name: str, card: str) -> ModelVersion:
    """Sign and note a bundle whose weights are those that its description names."""
    facts: dict[str, Any] = json.loads(description)
    if hashlib.sha256(weights).hexdigest() != facts["weights_sha256"]:
        raise BundleRefused
    digest = hashlib.sha256(description).hexdigest()
    _store(digest, description=description, weights=weights)
    version, _ = ModelVersion.objects.get_or_create(
        digest=digest,
        defaults={
            "name": _free_name(name, digest=digest),
            "network": facts["network"],
            "image_kind": facts["image_kind"],
            "bundle_key": f"bundles/{digest}",
            "facts": facts,
            "card": card,
        },
    )
    return version


@transaction.atomic
def bundle_adopt(key: str, *, digest: str, name: str, base: ModelVersion) -> ModelVersion:
    """Sign a bundle that a worker left in the store, and note it as a candidate. Twice is once.

    The worker's own copy is removed when this is committed. `base` is the version of its run.

    Raises:
        BundleRefused: a file is missing, a digest does not hold, or it is of another `base`.
    """
    try:
        description, weights = storage.read(f"{key}/{FACTS}"), storage.read(f"{key}/{WEIGHTS}")
        card = storage.read(f"{key}/{CARD}") if storage.exists(f"{key}/{CARD}") else b""
    except (storage.FileMissing, storage.KeyRefused) as error:
        raise BundleRefused("The worker left no complete bundle in the store.") from error
    if hashlib.sha256(description).hexdigest() != digest:
        raise BundleRefused("The bundle in the store is not the one the worker told of.")
    try:
        facts = json.loads(description, parse_constant=_refuse_number)
        _check_lineage(facts, base=base)
        version = _registered(description, weights=weights, name=name, card=card.decode())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BundleRefused("The bundle's description cannot be read.") from error
    transaction.on_commit(lambda: _remove(key))
    audit_record("model.register", by=None, about=version, base=str(base.pk))
    return version


def _refuse_number(name: str) -> float:
    raise ValueError(f"{name} is no figure")


def _check_lineage(facts: dict[str, Any], *, base: ModelVersion) -> None:
    """Refuse what is of another version; a worker of an earlier release names the parent alone."""
    data = facts["dataset"]
    named = {data[name] for name in ("judged_beside", "parent") if name in data}
    if facts["image_kind"] != base.image_kind or named != {base.digest}:
        raise BundleRefused("The bundle was not made from the version the run began with.")


def _remove(key: str) -> None:
    for name in (FACTS, WEIGHTS, CARD):
        storage.remove(f"{key}/{name}")


def _free_name(name: str, *, digest: str) -> str:
    """Return `name`, or with the digest's beginning where another version bears it already."""
    taken = ModelVersion.objects.filter(name=name).exclude(digest=digest).exists()
    return f"{name}-{digest[:8]}" if taken else name


def _store(digest: str, *, description: bytes, weights: bytes) -> None:
    storage.write(f"bundles/{digest}/{WEIGHTS}", weights)
    storage.write(f"bundles/{digest}/{FACTS}", description)
    signature = signing.sign(digest, salt=signing.Salt.BUNDLE)
    storage.write(f"bundles/{digest}/{SIGNATURE}", signature.encode())
