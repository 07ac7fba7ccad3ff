"""What a list shows of each image: what was last said of it, as plain values in one statement.

Read into models with their scores and versions, it took a third of what the history costs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from hemaqueue.registry.models import DEMONSTRATION
from hemaqueue.reviews.faces import Said, between_two
from hemaqueue.reviews.first_reads import images_withheld

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User

LINES = """
SELECT said.*, ARRAY(
    SELECT ROW_TO_JSON(one) FROM (
      SELECT label, score FROM predictions_classscore
      WHERE prediction_id = said.id AND said.uncertain
      ORDER BY score DESC, id LIMIT 2) AS one)
FROM (
  SELECT DISTINCT ON (one.image_id) one.image_id, one.id, one.label, one.confidence,
    one.flags @> '["uncertain"]' AS uncertain, model.image_kind = %(demonstration)s,
    one.malignant, one.flags::json, model.name
  FROM predictions_prediction AS one
  JOIN registry_modelversion AS model ON model.id = one.model_id
  WHERE one.image_id = ANY (%(images)s)
  ORDER BY one.image_id, one.created_at DESC, one.id DESC) AS said
"""


@dataclass(frozen=True)
class Line(Said):
    """A prediction in a line of its own image: with its flags, and the version that said it."""

    malignant: float
    flags: tuple[str, ...]
    model: str


def lines_shown(images: Iterable[UUID], *, reader: User) -> dict[UUID, Line]:
    """Return what was last said of each image, where `reader` may see it by now."""
    ids = set(images)
    wanted = list(ids - images_withheld(ids, reader=reader))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(LINES, {"images": wanted, "demonstration": DEMONSTRATION})
        return {row[0]: _line(*row[2:]) for row in cursor.fetchall()}


def _line(
    label: str,
    confidence: float,
    uncertain: bool,
    demonstration: bool,
    malignant: float,
    flags: list[str],
    model: str,
    between: list[dict[str, float | str]],
) -> Line:
    two = between_two(between)
    return Line(label, confidence, uncertain, two, demonstration, malignant, tuple(flags), model)
