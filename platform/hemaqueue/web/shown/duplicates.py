"""Files whose picture was here before them: what was sent, and where the picture lies."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.pipeline.counting import DUPLICATE
from hemaqueue.specimens.models import Batch, SmearImage


@dataclass(frozen=True)
class DuplicateRow:
    """`name` is the file that was sent just now. The rest is empty for who may not see it."""

    name: str
    image: UUID | None = None
    url: str = ""
    thumb: str = ""
    accession: str = ""
    case_url: str = ""


def duplicate_row(image: SmearImage | None, *, name: str) -> DuplicateRow:
    """Return the row of the file `name`; `image` is its twin, None where it may not be seen."""
    if image is None:
        return DuplicateRow(name)
    return DuplicateRow(
        name=name,
        image=image.pk,
        url=reverse("image", args=[image.pk]),
        thumb=reverse("image_thumbnail", args=[image.pk]),
        accession=image.case.accession,
        case_url=reverse("case", args=[image.case_id]),
    )


def duplicate_of(image: SmearImage, *, name: str, user: User) -> DuplicateRow:
    return duplicate_row(_visible([image.pk], user=user).get(image.pk), name=name)


def batch_duplicates(batch: Batch, *, user: User) -> list[DuplicateRow]:
    """Return the duplicates that were sent to a batch, in two queries."""
    sent = list(batch.refused.filter(code=DUPLICATE))
    twins = _visible([one.duplicate_of_id for one in sent if one.duplicate_of_id], user=user)
    return [
        duplicate_row(
            twins.get(one.duplicate_of_id) if one.duplicate_of_id else None, name=one.filename
        )
        for one in sent
    ]


def _visible(images: list[UUID], *, user: User) -> dict[UUID, SmearImage]:
    found = SmearImage.objects.visible_to(user).filter(pk__in=images).select_related("case")
    return {image.pk: image for image in found}
