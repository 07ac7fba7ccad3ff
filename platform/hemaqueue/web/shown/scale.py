"""How large a pixel of an image is, and what was corrected about that, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.scale import size_on_glass
from hemaqueue.web.shown.numbers import number
from hemaqueue.web.shown.walking import WITHOUT, Walk


@dataclass(frozen=True)
class ScaleShown:
    """`glass` is the size of the picture on the slide; `url` leads to the form behind `act`."""

    words: str
    glass: str
    act: str
    url: str


def scale_shown(image: SmearImage, *, user: User, walk: Walk = WITHOUT) -> ScaleShown:
    scale = image.microns_per_pixel
    free = image.withdrawn_at is None and may(user, act=Act.SET_SCALE, site=image.site_id)
    return ScaleShown(
        words=scale_words(scale),
        glass=_glass(image, scale=scale) if scale else "",
        act=_("Correct the scale") if scale else _("Set the scale"),
        url=walk.carried(reverse("image_scale", args=[image.pk])) if free else "",
    )


def scale_words(scale: float | None) -> str:
    """Return "0.065 µm per pixel"."""
    if scale is None:
        return _("scale not known")
    return _("%s µm per pixel") % _short(scale)


def _glass(image: SmearImage, *, scale: float) -> str:
    width, height = (_short(side) for side in size_on_glass(image, scale=scale))
    return f"{width} × {height} µm"


def _short(value: float) -> str:
    """Return a number as long as it was said, with the reader's own decimal sign."""
    _whole, _point, decimals = f"{value:.6f}".rstrip("0").partition(".")
    return number(value, len(decimals))
