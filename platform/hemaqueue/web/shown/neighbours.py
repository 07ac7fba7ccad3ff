"""What lies beside an image: the other images of its case, and what to read next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.reviews.first_reads import UNKNOWN, Certainty, certainties
from hemaqueue.reviews.models import Decision
from hemaqueue.reviews.reading import decisions_shown, images_left_to
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.selectors import case_images
from hemaqueue.web.shown.chips import Chip, job_chip
from hemaqueue.web.shown.decisions import decision_word
from hemaqueue.web.shown.walking import WITHOUT, Ahead, Place, Walk, ahead
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
    """The case around an image, and in a queue the cases around that.

    `onward` is what to read next, empty where nothing is left.
    """

    strip: list[StripItem]
    place: str
    queue: Place | None
    previous: str
    next: str
    onward: str
    onward_picture: str
    progress: str


def beside(image: SmearImage, *, user: User, walk: Walk = WITHOUT) -> Beside:
    """Return what surrounds an image; the strip is empty for a case of one image."""
    images = list(case_images(image.case))
    said = certainties([one.pk for one in images], reader=user)
    images.sort(key=lambda one: said.get(one.pk, UNKNOWN))
    decided = decisions_shown([one.pk for one in images], reader=user)
    ids = [one.pk for one in images]
    at = ids.index(image.pk) if image.pk in ids else 0
    reads = may(user, act=Act.DECIDE, site=image.site_id)
    coming = ahead(image.case, user=user, walk=walk) if reads else Ahead()
    onward = next_to_read(image, user=user, order=ids, coming=coming) if reads else None
    beyond = coming if walk.queue else Ahead()
    return Beside(
        strip=_strip(images, at=at, said=said, decided=decided, walk=walk),
        place=_("image %(n)d of %(all)d") % {"n": at + 1, "all": len(ids)} if len(ids) > 1 else "",
        queue=coming.place,
        previous=walk.image_url(ids[at - 1] if at else beyond.before),
        next=walk.image_url(ids[at + 1] if at + 1 < len(ids) else beyond.after),
        onward=walk.image_url(onward),
        onward_picture=reverse("image_picture", args=[onward]) if onward else "",
        progress=_progress(images, decided=decided),
    )


def _progress(images: Sequence[SmearImage], *, decided: dict[UUID, Decision]) -> str:
    counts = {"k": len(decided), "n": len(images)}
    if len(decided) < len(images):
        return _("%(k)d of %(n)d images decided. Signing opens when all are.") % counts
    return _("%(k)d of %(n)d images decided. The case can be signed.") % counts


def _strip(
    images: Sequence[SmearImage],
    *,
    at: int,
    said: dict[UUID, Certainty],
    decided: dict[UUID, Decision],
    walk: Walk,
) -> list[StripItem]:
    if len(images) < 2:
        return []
    begin = max(0, min(at - STRIP_AT_MOST // 2, len(images) - STRIP_AT_MOST))
    shown = images[begin : begin + STRIP_AT_MOST]
    jobs = jobs_latest([one.pk for one in shown if one.pk not in said], work=Work.CLASSIFY_SMEARS)
    items = []
    for number, one in enumerate(shown, start=begin + 1):
        decision = decided.get(one.pk)
        read = Chip("done", "check-circle", decision_word(decision)) if decision else None
        items.append(
            StripItem(
                url=walk.image_url(one.pk),
                thumb=reverse("image_thumbnail", args=[one.pk]),
                picture=reverse("image_picture", args=[one.pk]),
                alt=_("Image %(n)d of %(all)d") % {"n": number, "all": len(images)},
                current=number == at + 1,
                chip=read or (_to_read() if one.pk in said else _unread(jobs.get(one.pk))),
                doubtful=number == 1 and one.pk in said,
            )
        )
    return items


def _to_read() -> Chip:
    return Chip("waiting", "circle", _("to be read"))


def _unread(job: Job | None) -> Chip:
    """Return the mark of an image without a suggestion: done work is not a done reading."""
    chip = job_chip(job)
    return _to_read() if chip.kind == "done" else chip


def next_to_read(
    image: SmearImage, *, user: User, order: Sequence[UUID], coming: Ahead
) -> UUID | None:
    """Return what to read after `image`: the rest of its case, then the next case.

    `order` is that of the film strip.
    """
    left = {*images_left_to(user, case=image.case)} - {image.pk}
    return next((pk for pk in order if pk in left), coming.after)
