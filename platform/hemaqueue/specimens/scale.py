"""How large a pixel is: what a site's microscope gives, what a sender said, what was corrected.

Every correction stays on record, so that what was signed keeps the scale of its day.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from hemaqueue.accounts.models import Site
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.common.scale import is_scale
from hemaqueue.specimens.models import ScaleChange, SmearImage

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User

LONGEST_REASON = 300


class ScaleRefused(Refused):
    """A pixel is between 0.01 and 10 micrometres. Look at the microscope's calibration."""

    code = "scale_out_of_range"


class ScaleUnexplained(Refused):
    """Say in at most 300 characters why the scale changes."""

    code = "reason_required"


class NothingToScale(Conflict):
    """This image was taken back. Its scale stays as it was."""

    code = "withdrawn"


def scale_of(said: float | None, *, site: Site) -> float | None:
    """Return the scale to keep with an image: what its sender said, else the site's.

    Raises:
        ScaleRefused: no microscope gives what the sender said.
    """
    if said is None:
        return site.default_microns_per_pixel
    if not is_scale(said):
        raise ScaleRefused
    return said


def size_on_glass(image: SmearImage, *, scale: float) -> tuple[float, float]:
    """Return width and height in micrometres, to a tenth."""
    return round(image.width * scale, 1), round(image.height * scale, 1)


@transaction.atomic
def site_scale_set(site: Site, *, microns_per_pixel: float | None, by: User) -> Site:
    """Note what the site's microscope gives; images that are here keep what they have.

    Raises:
        NotAllowed: `by` does not manage the site.
        ScaleRefused: no microscope gives this.
    """
    require(by, act=Act.MANAGE, site=site)
    _require_scale(microns_per_pixel)
    locked = Site.objects.select_for_update().get(pk=site.pk)
    before = locked.default_microns_per_pixel
    if before != microns_per_pixel:
        locked.default_microns_per_pixel = microns_per_pixel
        locked.save(update_fields=["default_microns_per_pixel"])
        audit_record(
            "site.scale", by=by, about=site, site=site.pk, before=before, after=microns_per_pixel
        )
    return locked


@transaction.atomic
def image_scale_set(
    image: SmearImage,
    *,
    microns_per_pixel: float | None,
    reason: str,
    by: User,
    whole_case: bool = False,
) -> list[ScaleChange]:
    """Correct the scale of an image, or of every image of its case; None: nobody knows it.

    Returns what changed: nothing of what had this scale before. What is signed keeps its own.

    Raises:
        NotAllowed: the role of `by` at the image's site does not include it.
        ScaleUnexplained: there is no reason, or it is too long.
        ScaleRefused: no microscope gives this.
        NothingToScale: the image was taken back.
    """
    require(by, act=Act.SET_SCALE, site=image.site_id)
    why = reason.strip()
    if not why or len(why) > LONGEST_REASON:
        raise ScaleUnexplained
    _require_scale(microns_per_pixel)
    meant = {"case": image.case_id} if whole_case else {"pk": image.pk}
    standing = SmearImage.objects.filter(withdrawn_at=None, **meant).order_by("pk")
    found = list(standing.select_for_update(of=("self",)))
    if all(one.pk != image.pk for one in found):
        raise NothingToScale
    wrong = [one for one in found if one.microns_per_pixel != microns_per_pixel]
    return [_corrected(one, to=microns_per_pixel, why=why, by=by) for one in wrong]


def _require_scale(said: float | None) -> None:
    if said is not None and not is_scale(said):
        raise ScaleRefused


def _corrected(image: SmearImage, *, to: float | None, why: str, by: User) -> ScaleChange:
    before = image.microns_per_pixel
    SmearImage.objects.filter(pk=image.pk).update(microns_per_pixel=to)
    made: ScaleChange = ScaleChange.objects.create(
        image=image, before=before, after=to, reason=why, by=by
    )
    audit_record("image.scale", by=by, about=image, before=before, after=to)
    made.refresh_from_db()
    return made


def scales_at(images: Collection[SmearImage], *, moment: datetime | None) -> dict[UUID, float]:
    """Return the known scales as they stood at `moment`; None: as they stand now."""
    scales = {image.pk: image.microns_per_pixel for image in images}
    if moment is not None:
        later = ScaleChange.objects.filter(image__in=scales, at__gt=moment)
        first = later.order_by("image", "at", "id").distinct("image")
        scales |= dict(first.values_list("image", "before"))
    return {pk: scale for pk, scale in scales.items() if scale}
