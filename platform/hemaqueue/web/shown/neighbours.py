"""What lies beside an image: the other images of its case, and what to read next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.reviews.first_reads import UNKNOWN, Certainty, certainties
from hemaqueue.reviews.reading import images_left_to, words_shown
from hemaqueue.reviews.selectors import Word
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.selectors import case_images
from hemaqueue.web.addresses import url_of
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
    ids = list(case_images(image.case).values_list("pk", flat=True))
    said = certainties(ids, reader=user)
    ids.sort(key=lambda pk: said.get(pk, UNKNOWN))
    decided = words_shown(ids, reader=user)
    at = ids.index(image.pk) if image.pk in ids else 0
    onward, coming = _onward(image, user=user, order=ids, at=at, walk=walk)
    beyond = coming if walk.queue else Ahead()
    return Beside(
        strip=_strip(ids, at=at, said=said, decided=decided, walk=walk),
        place=_("image %(n)d of %(all)d") % {"n": at + 1, "all": len(ids)} if len(ids) > 1 else "",
        queue=coming.place,
        previous=walk.image_url(ids[at - 1] if at else beyond.before),
        next=walk.image_url(ids[at + 1] if at + 1 < len(ids) else beyond.after),
        onward=walk.image_url(onward),
        onward_picture=url_of("image_picture", onward) if onward else "",
        progress=_progress(ids, decided=decided),
    )


def _progress(images: Sequence[UUID], *, decided: dict[UUID, Word]) -> str:
    counts = {"k": len(decided), "n": len(images)}
    if len(decided) < len(images):
        return _("%(k)d of %(n)d images decided. Signing opens when all are.") % counts
    return _("%(k)d of %(n)d images decided. The case can be signed.") % counts


def _strip(
    images: Sequence[UUID],
    *,
    at: int,
    said: dict[UUID, Certainty],
    decided: dict[UUID, Word],
    walk: Walk,
) -> list[StripItem]:
    if len(images) < 2:
        return []
    begin = max(0, min(at - STRIP_AT_MOST // 2, len(images) - STRIP_AT_MOST))
    shown = images[begin : begin + STRIP_AT_MOST]
    jobs = jobs_latest([one for one in shown if one not in said], work=Work.CLASSIFY_SMEARS)
    items = []
    for number, one in enumerate(shown, start=begin + 1):
        decision = decided.get(one)
        read = Chip("done", "check-circle", decision_word(decision)) if decision else None
        items.append(
            StripItem(
                url=walk.image_url(one),
                thumb=url_of("image_thumbnail", one),
                picture=url_of("image_picture", one),
                alt=_("Image %(n)d of %(all)d") % {"n": number, "all": len(images)},
                current=number == at + 1,
                chip=read or (_to_read() if one in said else _unread(jobs.get(one))),
                doubtful=number == 1 and one in said,
            )
        )
    return items


def _to_read() -> Chip:
    return Chip("waiting", "circle", _("to be read"))


def _unread(job: Job | None) -> Chip:
    """Return the mark of an image without a suggestion: done work is not a done reading."""
    chip = job_chip(job)
    return _to_read() if chip.kind == "done" else chip


def _onward(
    image: SmearImage, *, user: User, order: Sequence[UUID], at: int, walk: Walk
) -> tuple[UUID | None, Ahead]:
    """Return what to read after an image, and what lies beyond its case where one comes to that.

    That is the rest of its case in the `order` of the film strip, then the next case.
    """
    if not may(user, act=Act.DECIDE, site=image.site_id):
        return None, Ahead()
    left = {*images_left_to(user, case=image.case)} - {image.pk}
    here = next((pk for pk in order if pk in left), None)
    last = walk.queue is not None and at + 1 >= len(order)
    first = walk.queue is not None and at == 0
    coming = ahead(image.case, user=user, walk=walk, after=here is None or last, before=first)
    return here or coming.after, coming
