"""What a signature covers: one canonical JSON text of a case, its images and what was said.

The same records give the same text, so anybody can hash them again later. People and sites
stand in it by id: a new name of a person is no change of what was signed.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hemaqueue.predictions.models import Prediction
from hemaqueue.predictions.selectors import predictions_latest
from hemaqueue.reviews.models import Decision
from hemaqueue.specimens.models import Case, SmearImage
from hemaqueue.specimens.selectors import case_images

FORMAT = "hemaqueue.signed-case.1"

Record = dict[str, Any]


def case_record(
    case: Case, *, revision: int, said: Mapping[UUID, Prediction] | None = None
) -> Record:
    """Return what is signed when `case` is signed now; `said` replaces the newest results."""
    images = list(case_images(case))
    ids = [image.pk for image in images]
    results = predictions_latest(ids) if said is None else said
    decisions = defaultdict(list)
    for one in Decision.objects.filter(image__in=ids).order_by("at", "pk"):
        decisions[one.image_id].append(_decision(one))
    return {
        "format": FORMAT,
        "revision": revision,
        "case": {
            "id": str(case.pk),
            "site": str(case.site_id),
            "accession": case.accession,
            "patient": case.patient,
        },
        "images": [
            _image(image)
            | {
                "decisions": decisions[image.pk],
                "prediction": _prediction(results.get(image.pk)),
            }
            for image in images
        ],
    }


def _image(image: SmearImage) -> Record:
    return {
        "id": str(image.pk),
        "sha256": image.sha256,
        "kind": image.kind,
        "specimen": image.slide.specimen.type,
        "stain": image.slide.stain,
    }


def _decision(decision: Decision) -> Record:
    settles = {"adjudicates": True} if decision.adjudicates else {}  # else as before there were any
    return settles | {
        "reader": str(decision.reader_id),
        "choice": decision.choice,
        "label": decision.label,
        "reason": decision.reason,
        "note": decision.note,
        "version": decision.version,
        "at": _moment(decision.at),
    }


def _prediction(said: Prediction | None) -> Record | None:
    if said is None:
        return None
    return {
        "id": str(said.pk),
        "model": said.model.name,
        "digest": said.model.digest,
        "label": said.label,
        "confidence": said.confidence,
        "malignant": said.malignant,
        "flags": list(said.flags),
        "scores": {one.label: one.score for one in said.class_scores.all()},
        "at": _moment(said.created_at),
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def record_text(record: Record) -> str:
    """Return the canonical text: sorted keys, no spaces, UTF-8 as it is."""
    return json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def case_stamp(case: Case, *, revision: int) -> str:
    """Return the hash of what would be signed now; the signing page carries it back."""
    return text_sha256(record_text(case_record(case, revision=revision)))
