"""Where a picture on which versions were judged is opened: as an upload, or in its data set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.evaluations.selectors import images_by_sha256
from hemaqueue.training.pictures import pictures_by_sha256


@dataclass(frozen=True)
class Place:
    """`width` and `height` are those of the picture."""

    url: str
    thumb: str
    width: int
    height: int


NOWHERE = Place("", "", 0, 0)
"""A picture that is not here, or not for this person."""


def places_of(digests: Iterable[str], *, user: User) -> dict[str, Place]:
    """Return the places of those pictures that `user` may open, by their SHA-256."""
    wanted = list(digests)
    imported = {
        sha256: Place(
            reverse("dataset_picture", args=[one.pk]),
            reverse("dataset_thumbnail", args=[one.pk]),
            one.width,
            one.height,
        )
        for sha256, one in pictures_by_sha256(wanted, user=user).items()
    }
    return imported | {
        sha256: Place(
            reverse("image", args=[one.pk]),
            reverse("image_thumbnail", args=[one.pk]),
            one.width,
            one.height,
        )
        for sha256, one in images_by_sha256(wanted, user=user).items()
    }
