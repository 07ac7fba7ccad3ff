"""How large a pixel is on the glass, in micrometres: what a microscope can give, and no more.

An oil objective gives about 0.05 to 0.1, a slide scanner 0.2 to 0.5, the lowest objective about 4.
"""

from __future__ import annotations

import math
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

LEAST, MOST = 0.01, 10.0


def is_scale(value: float) -> bool:
    return math.isfinite(value) and LEAST <= value <= MOST


def scale_possible(value: float) -> None:
    """Raise ValidationError for what no microscope gives; NaN passes every comparison."""
    if not is_scale(value):
        raise ValidationError("A number from 0.01 to 10 is needed.", code="scale_out_of_range")


def scale_read(text: str) -> float | None:
    """Return the number in `text`, with a point or a comma; None where it is no scale."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if is_scale(value) else None


def scale_field() -> models.FloatField[Any, Any]:
    """Return the column for a scale: null where nobody knows it."""
    return models.FloatField(
        null=True,
        blank=True,
        validators=[MinValueValidator(LEAST), MaxValueValidator(MOST)],
        help_text="Micrometres per pixel",
    )


def scale_check(name: str, *, column: str) -> models.CheckConstraint:
    """Return the rule of the table: also a service that forgot to look cannot break it."""
    within = {f"{column}__gte": LEAST, f"{column}__lte": MOST}
    unknown = {f"{column}__isnull": True}
    return models.CheckConstraint(condition=models.Q(**unknown) | models.Q(**within), name=name)
