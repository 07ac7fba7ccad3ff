"""By which version failed work is tried again: the one it was asked of, or the one that serves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from hemaqueue.common.asking import asked_once
from hemaqueue.jobs.models import Job
from hemaqueue.registry.models import ModelStatus, ModelVersion
from jobcontract.names import Work


@dataclass(frozen=True)
class Again:
    """`asked` did the first try; `serving` is empty where the same one serves, or none does."""

    asked: str = ""
    serving: str = ""


def again_by(jobs: Collection[Job]) -> Again:
    """Return the names of the versions that could do this work again, for a person to choose."""
    images = [job for job in jobs if job.work == Work.CLASSIFY_SMEARS]
    found = frozenset(UUID(version) for job in images if (version := job.shared.get("version")))
    return _names(found) if found else Again()


@asked_once
def _names(asked: frozenset[UUID]) -> Again:
    first = {
        one.pk: one for one in ModelVersion.objects.filter(pk__in=asked).defer("facts", "card")
    }
    kinds = {one.image_kind for one in first.values()}
    now = ModelVersion.objects.filter(status=ModelStatus.SERVING, image_kind__in=kinds)
    others = sorted(now.exclude(pk__in=asked).values_list("name", flat=True))
    return Again(", ".join(sorted(one.name for one in first.values())), ", ".join(others))
