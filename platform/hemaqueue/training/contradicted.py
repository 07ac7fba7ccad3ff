"""Pictures of a snapshot that have another class, too, by now.

Its own sources say so, or a data set that was imported since: what was here and was not chosen is
not asked.
"""

from __future__ import annotations

from typing import NamedTuple, cast
from uuid import UUID

from django.db.models import Q

from hemaqueue.common.asking import asked_once
from hemaqueue.common.errors import Refused
from hemaqueue.training.lessons import CONFIRMED_ONLY, CONTRADICTED, Sources
from hemaqueue.training.material import material
from hemaqueue.training.models import Dataset, DatasetSnapshot
from hemaqueue.training.naming import class_codes
from hemaqueue.training.snapshot_rows import snapshot_datasets, snapshot_pictures


class LabelsContradicted(Refused):
    """Pictures of the snapshot have another class, too, by now. Freeze another snapshot."""

    code = "labels_contradicted"


class Contradicted(NamedTuple):
    """A picture of a case or of a data set; `label` is the snapshot's, `labels` are all."""

    image: UUID
    sha256: str
    label: str
    labels: list[str]


@asked_once
def snapshot_contradicted(
    snapshot: DatasetSnapshot, *, after: UUID | None = None
) -> list[Contradicted]:
    """Return what another snapshot would leave out for its two classes, by the pictures' ids."""
    classes = class_codes(snapshot.kind)
    found = material(snapshot.kind, classes=classes, sources=_sources_since(snapshot))
    said = {one.image: one.labels for one in found.exclusions if one.reason == CONTRADICTED}
    held = Q(image__in=said) | Q(imported__in=said)
    rows = snapshot_pictures(snapshot, after=after).filter(held)
    named = ((cast("UUID", row.image_id or row.imported_id), row) for row in rows)
    return [Contradicted(pk, row.sha256, row.label, list(said[pk])) for pk, row in named]


def _sources_since(snapshot: DatasetSnapshot) -> Sources:
    chosen = snapshot.sources or CONFIRMED_ONLY.to_json()
    later = Dataset.objects.filter(kind=snapshot.kind, ended_at__gt=snapshot.made_at)
    asked = {UUID(one) for one in chosen["datasets"]}
    for sets in (snapshot_datasets(snapshot), later):
        asked |= set(sets.values_list("pk", flat=True))
    return Sources(confirmed=chosen["confirmed"], datasets=tuple(asked))
