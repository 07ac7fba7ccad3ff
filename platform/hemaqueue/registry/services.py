"""Registering bundles, and deciding which one serves."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.db import transaction

from hemaqueue.accounts.models import User
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Refused
from hemaqueue.registry.models import Activation, ModelStatus, ModelVersion
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
    """
    try:
        description = (folder / FACTS).read_bytes()
        weights = (folder / WEIGHTS).read_bytes()
    except FileNotFoundError as error:
        raise BundleRefused(f"The bundle has no {Path(str(error.filename)).name}.") from error
    facts: dict[str, Any] = json.loads(description)
    if hashlib.sha256(weights).hexdigest() != facts["weights_sha256"]:
        raise BundleRefused
    digest = hashlib.sha256(description).hexdigest()
    card = folder / CARD
    _store(digest, description=description, weights=weights)
    version, _ = ModelVersion.objects.get_or_create(
        digest=digest,
        defaults={
            "name": _free_name(name or folder.name, digest=digest),
            "network": facts["network"],
            "image_kind": facts["image_kind"],
            "bundle_key": f"bundles/{digest}",
            "facts": facts,
            "card": card.read_text() if card.exists() else "",
        },
    )
    return version


def _free_name(name: str, *, digest: str) -> str:
    """Return `name`, or with the digest's beginning where another version bears it already."""
    taken = ModelVersion.objects.filter(name=name).exclude(digest=digest).exists()
    return f"{name}-{digest[:8]}" if taken else name


def _store(digest: str, *, description: bytes, weights: bytes) -> None:
    storage.write(f"bundles/{digest}/{WEIGHTS}", weights)
    storage.write(f"bundles/{digest}/{FACTS}", description)
    signature = signing.sign(digest, salt=signing.Salt.BUNDLE)
    storage.write(f"bundles/{digest}/{SIGNATURE}", signature.encode())


@transaction.atomic
def model_promote(version: ModelVersion, *, by: User | None, reason: str) -> None:
    """Let a version serve its kind of image; the former one retires. Going back is the same act."""
    if not reason.strip():
        raise Refused("Say why this version shall serve.", code="reason_required")
    kind = ModelVersion.objects.select_for_update().filter(image_kind=version.image_kind)
    former = kind.filter(status=ModelStatus.SERVING).exclude(pk=version.pk).first()
    if former:
        ModelVersion.objects.filter(pk=former.pk).update(status=ModelStatus.RETIRED)
    ModelVersion.objects.filter(pk=version.pk).update(status=ModelStatus.SERVING)
    Activation.objects.create(model=version, former=former, by=by, reason=reason.strip()[:300])
    audit_record("model.promote", by=by, about=version, former=str(former.pk) if former else "")
