"""What lies beside an image: the other images of its case, and what to read next."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may
from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.reviews.selectors import decisions_latest, images_undecided, worklist
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.selectors import case_images
from hemaqueue.web.shown.chips import Chip, job_chip
from hemaqueue.web.shown.decisions import decision_word
from jobcontract.names import Work

STRIP_AT_MOST = 60


@dataclass(frozen=True)
class StripItem:
    url: str
    thumb: str
    alt: str
    current: bool
    chip: Chip


@dataclass(frozen=True)
class Step:
    url: str
    word: str
    icon: str = "chevron-right"


def strip(image: SmearImage) -> list[StripItem]:
    """Return the film strip of the case; empty for a case of one image."""
    images = list(case_images(image.case)[:STRIP_AT_MOST])
    if len(images) < 2:
        return []
    ids = [one.pk for one in images]
    jobs, decided = jobs_latest(ids, work=Work.CLASSIFY_SMEARS), decisions_latest(ids)
    items = []
    for number, one in enumerate(images, start=1):
        decision = decided.get(one.pk)
        read = Chip("done", "check-circle", decision_word(decision)) if decision else None
        items.append(
            StripItem(
                url=reverse("image", args=[one.pk]),
                thumb=reverse("image_thumbnail", args=[one.pk]),
                alt=_("Image %(n)d of %(all)d") % {"n": number, "all": len(images)},
                current=one.pk == image.pk,
                chip=read or _unread(job_chip(jobs.get(one.pk))),
            )
        )
    return items


def _unread(chip: Chip) -> Chip:
    """Return the mark of an image that nobody has read: done work is not a done reading."""
    return Chip("waiting", "circle", _("to be read")) if chip.kind == "done" else chip


def next_to_read(image: SmearImage, *, user: User) -> str:
    """Return the address of what to read after `image`: its case first, then the worklist."""
    rest = images_undecided(image.case).exclude(pk=image.pk).order_by("uploaded_at", "id")
    if here := rest.first():
        return reverse("image", args=[here.pk])
    for review in worklist(user).exclude(case=image.case_id)[:5]:
        first = images_undecided(review.case).order_by("uploaded_at", "id").first()
        if first and may(user, act=Act.DECIDE, site=review.case.site_id):
            return reverse("image", args=[first.pk])
    return ""


def steps_from(image: SmearImage, *, user: User) -> tuple[str, list[Step]]:
    """Return where this image stands in its case, and the steps that lead on."""
    ids = list(case_images(image.case).values_list("pk", flat=True))
    place = ""
    steps = []
    if image.pk in ids and len(ids) > 1:
        at = ids.index(image.pk)
        place = _("image %(n)d of %(all)d") % {"n": at + 1, "all": len(ids)}
    if may(user, act=Act.DECIDE, site=image.site_id) and (url := next_to_read(image, user=user)):
        steps.append(Step(url, _("Next to read")))
    return place, steps
