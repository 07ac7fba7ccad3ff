"""Notices in words. Names are read now, and only from what the person may still see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.notices.models import Notice, NoticeKind
from hemaqueue.specimens.selectors import batch_list, image_list
from hemaqueue.web.shown.batches import batch_name
from hemaqueue.web.shown.chips import Chip


@dataclass(frozen=True)
class NoticeLine:
    """`url` is empty where the subject may not be seen any more."""

    words: str
    url: str
    chips: list[Chip]
    at: datetime
    is_new: bool


Names = dict[UUID, str]


def notices_shown(notices: Sequence[Notice], *, user: User) -> list[NoticeLine]:
    """Return the lines of a page: one query for each kind of subject."""
    names: Names = {}
    for kind, read in NAMES.items():
        subjects = [one.subject for one in notices if one.kind == kind]
        names |= read(subjects, user) if subjects else {}
    return [_line(one, name=names.get(one.subject)) for one in notices]


def _batches(subjects: list[UUID], user: User) -> Names:
    return {one.pk: batch_name(one) for one in batch_list(user).filter(pk__in=subjects)}


def _images(subjects: list[UUID], user: User) -> Names:
    return {one.pk: one.case.accession for one in image_list(user).filter(pk__in=subjects)}


NAMES: dict[str, Callable[[list[UUID], User], Names]] = {
    NoticeKind.BATCH_ENDED: _batches,
    NoticeKind.IMAGE_RETURNED: _images,
}
PAGES = {NoticeKind.BATCH_ENDED: "batch", NoticeKind.IMAGE_RETURNED: "image"}


def _line(notice: Notice, *, name: str | None) -> NoticeLine:
    words = {
        NoticeKind.BATCH_ENDED: _("%(name)s has ended."),
        NoticeKind.IMAGE_RETURNED: _("An image of %(name)s was sent back to you."),
    }[NoticeKind(notice.kind)]
    hidden = _("What you may not see any more")
    return NoticeLine(
        words=words % {"name": name or hidden},
        url=reverse(PAGES[NoticeKind(notice.kind)], args=[notice.subject]) if name else "",
        chips=_chips(notice) if notice.kind == NoticeKind.BATCH_ENDED else [],
        at=notice.at,
        is_new=notice.seen_at is None,
    )


def _chips(notice: Notice) -> list[Chip]:
    """Return the counts with which a batch ended, those that are not zero."""
    every = [
        ("done", Chip("done", "check-circle", _("%(n)d done"))),
        ("held", Chip("attention", "pause-circle", _("%(n)d held"))),
        ("failed", Chip("failed", "exclamation-octagon", _("%(n)d failed"))),
        ("refused", Chip("failed", "x-circle", _("%(n)d refused"))),
        ("missing", Chip("attention", "exclamation-diamond", _("%(n)d did not arrive"))),
        ("duplicates", Chip("done", "images", _("%(n)d already here"))),
        ("cancelled", Chip("waiting", "slash-circle", _("%(n)d cancelled"))),
        ("withdrawn", Chip("waiting", "trash", _("%(n)d withdrawn"))),
        ("attention", Chip("attention", "exclamation-diamond", _("%(n)d to check first"))),
    ]
    return [
        Chip(chip.kind, chip.icon, chip.word % {"n": count})
        for name, chip in every
        if (count := int(notice.facts.get(name) or 0))
    ]
