"""What who sent an image may still do with it, on its own page."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may
from hemaqueue.pipeline.bench import smear_is_read
from hemaqueue.reviews.models import Return
from hemaqueue.reviews.returning import return_open_of
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.shown.flags import checks_of
from hemaqueue.web.shown.rows import is_held


@dataclass(frozen=True)
class BenchShown:
    """`choose_url` is empty for who did not send it, and when it was read.

    `answer_url` is where the bench answers a reader who sent the image back, `note` their words.
    """

    held: bool
    why: str
    choose_url: str
    back: str
    answer_url: str = ""
    asked: str = ""
    note: str = ""


def bench_shown(image: SmearImage, *, user: User) -> BenchShown | None:
    """Return what to show beside an image: that it is held, and what its sender may choose."""
    mine = image.uploaded_by_id == user.pk and may(user, act=Act.WITHDRAW, site=image.site_id)
    free = mine and image.withdrawn_at is None and not smear_is_read(image)
    held = is_held(image)
    returned = return_open_of(image) if may(user, act=Act.UPLOAD, site=image.site_id) else None
    if not held and not free and returned is None:
        return None
    checks = checks_of(image.quality_flags)
    return BenchShown(
        held=held,
        why=" · ".join(str(check.word) for check in checks),
        choose_url=reverse("image_choose", args=[image.pk]) if free else "",
        back=reverse("image", args=[image.pk]),
        answer_url=reverse("image_returned", args=[image.pk]) if returned else "",
        asked=_asked(returned) if returned else "",
        note=returned.note if returned else "",
    )


def _asked(returned: Return) -> str:
    said = {"who": returned.by.printed_name, "why": returned.get_reason_display()}
    return _("%(who)s sent it back: %(why)s.") % said
