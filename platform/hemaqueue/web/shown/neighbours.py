"""What lies beside an image: the other images of its case, and what to read next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may
from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.predictions.models import Prediction
from hemaqueue.reviews.first_reads import predictions_shown
from hemaqueue.reviews.models import Decision
from hemaqueue.reviews.reading import decisions_shown, images_left_to
from hemaqueue.reviews.selectors import worklist
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.selectors import case_images
from hemaqueue.web.shown.chips import Chip, job_chip
from hemaqueue.web.shown.decisions import decision_word
from jobcontract.names import Work

STRIP_AT_MOST = 60


@dataclass(frozen=True)
class StripItem:
    """`picture` is what the comparison shows; `doubtful` marks the least certain suggestion."""

    url: str
    thumb: str
    picture: str
    alt: str
    current: bool
    chip: Chip
    doubtful: bool = False


@dataclass(frozen=True)
class Step:
    url: str
    word: str
    icon: str = "chevron-right"


@dataclass(frozen=True)
class Beside:
    """The case around an image. `onward` is what to read next, empty where nothing is left."""

    strip: list[StripItem]
    place: str
    previous: str
    next: str
    onward: str
    onward_picture: str
    progress: str


def beside(image: SmearImage, *, user: User) -> Beside:
    """Return what surrounds an image; the strip is empty for a case of one image."""
    images = list(case_images(image.case))
    said = predictions_shown([one.pk for one in images], reader=user)
    images.sort(key=lambda one: _certainty(said.get(one.pk)))
    decided = decisions_shown([one.pk for one in images], reader=user)
    ids = [one.pk for one in images]
    at = ids.index(image.pk) if image.pk in ids else 0
    reads = may(user, act=Act.DECIDE, site=image.site_id)
    onward = next_to_read(image, user=user, order=ids) if reads else ""
    return Beside(
        strip=_strip(images, at=at, said=said, decided=decided),
        place=_("image %(n)d of %(all)d") % {"n": at + 1, "all": len(ids)} if len(ids) > 1 else "",
        previous=_address(ids, at - 1) if at else "",
        next=_address(ids, at + 1),
        onward=onward,
        onward_picture=reverse("image_picture", kwargs=resolve(onward).kwargs) if onward else "",
        progress=_progress(images, decided=decided),
    )


def _certainty(said: Prediction | None) -> tuple[bool, bool, float]:
    """Sort the uncertain first, then by confidence; what has no result shown comes last."""
    if said is None:
        return True, False, 0.0
    return False, not said.is_uncertain, said.confidence


def _address(ids: Sequence[UUID], at: int) -> str:
    return reverse("image", args=[ids[at]]) if at < len(ids) else ""


def _progress(images: Sequence[SmearImage], *, decided: dict[UUID, Decision]) -> str:
    counts = {"k": len(decided), "n": len(images)}
    if len(decided) < len(images):
        return _("%(k)d of %(n)d images decided. Signing opens when all are.") % counts
    return _("%(k)d of %(n)d images decided. The case can be signed.") % counts


def _strip(
    images: Sequence[SmearImage],
    *,
    at: int,
    said: dict[UUID, Prediction],
    decided: dict[UUID, Decision],
) -> list[StripItem]:
    if len(images) < 2:
        return []
    begin = max(0, min(at - STRIP_AT_MOST // 2, len(images) - STRIP_AT_MOST))
    shown = images[begin : begin + STRIP_AT_MOST]
    jobs = jobs_latest([one.pk for one in shown], work=Work.CLASSIFY_SMEARS)
    items = []
    for number, one in enumerate(shown, start=begin + 1):
        decision = decided.get(one.pk)
        read = Chip("done", "check-circle", decision_word(decision)) if decision else None
        items.append(
            StripItem(
                url=reverse("image", args=[one.pk]),
                thumb=reverse("image_thumbnail", args=[one.pk]),
                picture=reverse("image_picture", args=[one.pk]),
                alt=_("Image %(n)d of %(all)d") % {"n": number, "all": len(images)},
                current=number == at + 1,
                chip=read or _unread(job_chip(jobs.get(one.pk))),
                doubtful=number == 1 and one.pk in said,
            )
        )
    return items


def _unread(chip: Chip) -> Chip:
    """Return the mark of an image that nobody has read: done work is not a done reading."""
    return Chip("waiting", "circle", _("to be read")) if chip.kind == "done" else chip


def next_to_read(image: SmearImage, *, user: User, order: Sequence[UUID] = ()) -> str:
    """Return the address of what to read after `image`: its case first, then the worklist.

    `order` is that of the film strip; without it the images come as they were sent.
    """
    left = list(
        images_left_to(user, case=image.case)
        .exclude(pk=image.pk)
        .order_by("uploaded_at", "id")
        .values_list("pk", flat=True)
    )
    ordered = [pk for pk in order if pk in set(left)] or left
    if ordered:
        return reverse("image", args=[ordered[0]])
    for review in worklist(user).exclude(case=image.case_id)[:5]:
        first = images_left_to(user, case=review.case).order_by("uploaded_at", "id").first()
        if first and may(user, act=Act.DECIDE, site=review.case.site_id):
            return reverse("image", args=[first.pk])
    return ""
