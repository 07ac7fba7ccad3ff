"""Where a picture on which versions were judged is opened: as an upload, or in its data set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.evaluations.selectors import images_by_sha256
from hemaqueue.specimens.models import SmearImage
from hemaqueue.training.models import DatasetImage
from hemaqueue.training.pictures import pictures_by_sha256


@dataclass(frozen=True)
class Place:
    """`width` and `height` are those of the picture; `site` is where it was uploaded."""

    url: str
    thumb: str
    width: int
    height: int
    site: str = ""


NOWHERE = Place("", "", 0, 0)
"""A picture that is not here, or not for this person."""


def places_of(digests: Iterable[str], *, user: User) -> dict[str, Place]:
    """Return the places of those pictures that `user` may open, by their SHA-256."""
    wanted = list(digests)
    imported = pictures_by_sha256(wanted, user=user).items()
    uploaded = images_by_sha256(wanted, user=user).items()
    return {
        sha256: _place(one, page="dataset_picture", thumb="dataset_thumbnail")
        for sha256, one in imported
    } | {sha256: _place(one, page="image", thumb="image_thumbnail") for sha256, one in uploaded}


def _place(one: DatasetImage | SmearImage, *, page: str, thumb: str) -> Place:
    url, small = (reverse(name, args=[one.pk]) for name in (page, thumb))
    site = one.site.name if isinstance(one, SmearImage) else ""
    return Place(url, small, one.width, one.height, site)
