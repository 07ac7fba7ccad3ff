"""Files whose picture was here before them: what was sent, and where the picture lies."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may
from hemaqueue.pipeline.counting import DUPLICATE
from hemaqueue.specimens.models import Attachment, Batch, Case, SmearImage
from hemaqueue.web.addresses import small_thumbnail


@dataclass(frozen=True)
class DuplicateRow:
    """`name` is the file that was sent just now. The rest is empty for who may not see it.

    `wanted` is the accession number of the case it was sent for, where that is another one and
    the picture can still be put beside it.
    """

    name: str
    image: UUID | None = None
    url: str = ""
    thumb: str = ""
    accession: str = ""
    case_url: str = ""
    wanted: str = ""
    attach_url: str = ""
    back: str = ""


def duplicate_row(
    image: SmearImage | None, *, name: str, wanted: Case | None = None, back: str = ""
) -> DuplicateRow:
    """Return the row of the file `name`; `image` is its twin, None where it may not be seen."""
    if image is None:
        return DuplicateRow(name)
    return DuplicateRow(
        name=name,
        image=image.pk,
        url=reverse("image", args=[image.pk]),
        thumb=small_thumbnail(image.pk),
        accession=image.case.accession,
        case_url=reverse("case", args=[image.case_id]),
        wanted=wanted.accession if wanted else "",
        attach_url=reverse("case_attach", args=[wanted.pk]) if wanted else "",
        back=back,
    )


def duplicate_of(image: SmearImage, *, name: str, user: User) -> DuplicateRow:
    return duplicate_row(_visible([image.pk], user=user).get(image.pk), name=name)


def batch_duplicates(batch: Batch, *, user: User) -> list[DuplicateRow]:
    """Return the duplicates that were sent to a batch, in four queries."""
    sent = list(batch.refused.filter(code=DUPLICATE).select_related("case"))
    twins = _visible([one.duplicate_of_id for one in sent if one.duplicate_of_id], user=user)
    attached = set(Attachment.objects.filter(image__in=twins).values_list("image", "case"))
    may_attach = may(user, act=Act.UPLOAD, site=batch.site_id)
    back = reverse("batch", args=[batch.pk])
    rows = []
    for one in sent:
        twin = twins.get(one.duplicate_of_id) if one.duplicate_of_id else None
        wanted = one.case if may_attach and twin and one.case else None
        if wanted and twin and (twin.case == wanted or (twin.pk, wanted.pk) in attached):
            wanted = None
        rows.append(duplicate_row(twin, name=one.filename, wanted=wanted, back=back))
    return rows


def _visible(images: list[UUID], *, user: User) -> dict[UUID, SmearImage]:
    found = SmearImage.objects.visible_to(user).filter(pk__in=images).select_related("case")
    return {image.pk: image for image in found}
