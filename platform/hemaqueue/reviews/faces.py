"""What a list shows of each case: its least certain image, and what was said of that.

One statement for a whole page. Put together by the ORM, it took a sixth of what a worklist costs.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from hemaqueue.registry.models import DEMONSTRATION
from hemaqueue.reviews.first_reads import withheld_rule, withholds
from hemaqueue.specimens.models import SmearImage

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User

FACES = """
SELECT face.*, ARRAY(
    SELECT ROW_TO_JSON(one) FROM (
      SELECT label, score FROM predictions_classscore
      WHERE prediction_id = face.prediction AND face.uncertain
      ORDER BY score DESC, id LIMIT 2) AS one)
FROM (
  SELECT DISTINCT ON (image.case_id) image.case_id, image.id, specimen.type, slide.stain,
    said.id AS prediction, said.label, said.confidence,
    said.flags @> '["uncertain"]' AS uncertain, model.image_kind = %(demonstration)s
  FROM specimens_smearimage AS image
  JOIN specimens_slide AS slide ON slide.id = image.slide_id
  JOIN specimens_specimen AS specimen ON specimen.id = slide.specimen_id
  LEFT JOIN LATERAL (
    SELECT * FROM predictions_prediction WHERE image_id = image.id
    ORDER BY created_at DESC, id DESC LIMIT 1) AS said ON image.id <> ALL (%(withheld)s::uuid[])
  LEFT JOIN registry_modelversion AS model ON model.id = said.model_id
  WHERE image.case_id = ANY (%(cases)s) AND image.withdrawn_at IS NULL
  ORDER BY image.case_id, said.id IS NULL, said.flags @> '["uncertain"]' DESC, said.confidence,
    image.uploaded_at, image.id) AS face
"""


@dataclass(frozen=True)
class Said:
    """A prediction in a line: `between` are the two highest classes of an uncertain one."""

    label: str
    confidence: float
    uncertain: bool
    between: tuple[tuple[str, float], ...]
    demonstration: bool


@dataclass(frozen=True)
class Face:
    """The image that stands for a case. `said` is None where nothing may be told of any."""

    image: UUID
    specimen: str
    stain: str
    said: Said | None


def case_faces(cases: Collection[UUID], *, reader: User) -> dict[UUID, Face]:
    """Return the face of each case: its least certain image, of those told to `reader`.

    It is the first one where nothing is told. A case without images has none.
    """
    given: dict[str, Any] = {
        "cases": list(cases),
        "withheld": _withheld(cases, reader=reader),
        "demonstration": DEMONSTRATION,
    }
    with connection.cursor() as cursor:
        cursor.execute(FACES, given)
        return {row[0]: _face(*row[1:]) for row in cursor.fetchall()}


def _withheld(cases: Collection[UUID], *, reader: User) -> list[UUID]:
    if not withholds(reader):
        return []
    found = SmearImage.objects.filter(withheld_rule(reader), case__in=list(cases))
    return list(found.values_list("pk", flat=True))


def _face(
    image: UUID,
    specimen: str,
    stain: str,
    prediction: int | None,
    label: str,
    confidence: float,
    uncertain: bool,
    demonstration: bool,
    between: list[dict[str, float | str]],
) -> Face:
    if prediction is None:
        return Face(image, specimen, stain, None)
    two = between_two(between)
    return Face(image, specimen, stain, Said(label, confidence, uncertain, two, demonstration))


def between_two(scores: list[dict[str, float | str]]) -> tuple[tuple[str, float], ...]:
    """Return the classes between which an uncertain prediction stands, with their scores."""
    return tuple((str(one["label"]), float(one["score"])) for one in scores)
