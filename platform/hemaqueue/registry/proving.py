"""Whether what serves does serve: a worker that is there scored the known picture with it lately.

The picture goes the way of every other: sealed file, ledger, parcel, worker, news. What comes back
must be what the version said the first time.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from hemaqueue.registry.checking import GOLDEN, answer_fault
from hemaqueue.registry.models import ModelProof, ModelVersion
from hemaqueue.registry.selectors import models_serving
from jobcontract import sealing, storage
from jobcontract.judging import Proof
from jobcontract.messages import SealedFile

LASTS = timedelta(hours=1)
RENEWED_AFTER = timedelta(minutes=50)


def versions_unproved(workers: Collection[str], *, within: timedelta = LASTS) -> list[ModelVersion]:
    """Return the serving versions that none of `workers` has shown to work `within` that time."""
    sound = ModelProof.objects.filter(
        model=OuterRef("pk"), fault="", worker__in=workers, at__gt=Now() - within
    )
    return list(models_serving().exclude(Exists(sound)))


def proof_latest(version: ModelVersion) -> ModelProof | None:
    return ModelProof.objects.filter(model=version).order_by("-at", "-pk").first()


def proof_record(version: ModelVersion, *, said: Proof) -> ModelProof:
    """Keep what a worker said of the known picture, and whether that is sound."""
    return ModelProof.objects.create(
        model=version,
        worker=said.worker[:120],
        scores=dict(said.scores),
        fault=answer_fault(version, label=said.label, scores=said.scores),
    )


def known_picture(version: ModelVersion) -> SealedFile:
    """Return the known picture for a worker; it is stored once for each version.

    Raises:
        OSError, FileDamaged: the store does not take or give it.
    """
    key = f"golden/{version.pk.hex}"
    if storage.exists(key):
        return sealing.shared_file(key)
    return sealing.write_sealed(key, GOLDEN.read_bytes())
