from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hemaqueue.accounts.visibility import SiteScoped
from hemaqueue.specimens.models import SmearImage

PART = [MinValueValidator(0.0), MaxValueValidator(1.0)]


class CellOrigin(models.TextChoices):
    DRAWN = "drawn", _("Drawn by a reader")
    PROPOSED = "proposed", _("Proposed by a model")
    CORRECTED = "corrected", _("Proposed, and corrected by a reader")


class LocatedCell(models.Model):
    """A cell on an image: a box with a class.

    Left, top, width and height are parts of the canonical picture's width and height, 0 to 1.
    A cell that is taken away keeps its row. One that is proposed has no class before a reader
    names it. What was measured within a box goes when the box is changed: `area` is the cell's
    share of the picture, `nucleus_share` the nucleus's of the cell, `roundness` the nucleus's.
    """

    image = models.ForeignKey(SmearImage, models.PROTECT, related_name="cells")
    label = models.CharField(max_length=40, blank=True)
    left = models.FloatField(validators=PART)
    top = models.FloatField(validators=PART)
    width = models.FloatField(validators=PART)
    height = models.FloatField(validators=PART)
    area = models.FloatField(null=True)
    nucleus_share = models.FloatField(null=True)
    roundness = models.FloatField(null=True)
    origin = models.CharField(max_length=10, choices=CellOrigin.choices, default=CellOrigin.DRAWN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True)

    objects = SiteScoped.manager(site="image__site", case="image__case")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="cell_lies_within_its_image",
                condition=Q(left__gte=0, top__gte=0, width__gt=0, height__gt=0)
                & Q(left__lte=1.000001 - F("width"), top__lte=1.000001 - F("height")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} on {self.image_id}"
