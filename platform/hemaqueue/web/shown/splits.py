"""How far learning and judging are apart, in words: by people where they are known."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hemaqueue.registry.models import ModelVersion
from hemaqueue.specimens.models import ImageKind
from hemaqueue.training.frozen_test import frozen_images
from hemaqueue.training.models import DatasetSnapshot
from hemaqueue.training.origins import without_person


def snapshot_split(snapshot: DatasetSnapshot) -> str:
    """Return how the folds of a snapshot are apart."""
    if unknown := without_person(snapshot.images.all()):
        counts = {"unknown": unknown, "all": sum(snapshot.counts.values())}
        return (
            _(
                "Field-disjoint, figures are optimistic: no patient, subject or case is known of "
                "%(unknown)d of %(all)d images. They are apart by looks, or as their data set says."
            )
            % counts
        )
    if snapshot.kind == ImageKind.CELL:
        return _("By patient, subject or case.")
    return _("By patient, subject or case, joined where pictures look alike.")


def frozen_caveat(kind: str) -> str:
    """Return what is not known of the people in the frozen test set, or nothing."""
    kept = frozen_images(kind)
    if not (unknown := without_person(kept)):
        return ""
    counts = {"unknown": unknown, "all": kept.count()}
    return (
        _(
            "No patient, subject or case is known of %(unknown)d of %(all)d images: another "
            "picture of the same patient may have taught, and figures are optimistic."
        )
        % counts
    )


def bundle_split(version: ModelVersion) -> str:
    """Return how a bundle from elsewhere says that it was judged, or nothing."""
    words = {
        "patient-disjoint": _("By subject."),
        "field-disjoint": _("Field-disjoint, figures are optimistic: no patient is known."),
        "image-level (optimistic)": _("Image-level, figures are optimistic."),
    }
    said = str((version.facts.get("metrics") or {}).get("split", ""))
    return words.get(said, "")
