"""The scale of a site's pictures: what its microscope gives where a sender says nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hemaqueue.accounts.models import Site
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Refused
from hemaqueue.common.scale import is_scale

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


class ScaleRefused(Refused):
    """A pixel is between 0.01 and 10 micrometres. Look at the microscope's calibration."""

    code = "scale_out_of_range"


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


@transaction.atomic
def site_scale_set(site: Site, *, microns_per_pixel: float | None, by: User) -> Site:
    """Note what the site's microscope gives; images that are here keep what they have.

    Raises:
        NotAllowed: `by` does not manage the site.
        ScaleRefused: no microscope gives this.
    """
    require(by, act=Act.MANAGE, site=site)
    if microns_per_pixel is not None and not is_scale(microns_per_pixel):
        raise ScaleRefused
    locked = Site.objects.select_for_update().get(pk=site.pk)
    before = locked.default_microns_per_pixel
    if before != microns_per_pixel:
        locked.default_microns_per_pixel = microns_per_pixel
        locked.save(update_fields=["default_microns_per_pixel"])
        audit_record(
            "site.scale", by=by, about=site, site=site.pk, before=before, after=microns_per_pixel
        )
    return locked
