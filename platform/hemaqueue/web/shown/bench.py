"""What who sent an image may still do with it, on its own page."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may
from hemaqueue.pipeline.bench import smear_is_read
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.shown.flags import checks_of
from hemaqueue.web.shown.rows import is_held


@dataclass(frozen=True)
class BenchShown:
    """`choose_url` is empty for who did not send it, and when it was read."""

    held: bool
    why: str
    choose_url: str
    back: str


def bench_shown(image: SmearImage, *, user: User) -> BenchShown | None:
    """Return what to show beside an image: that it is held, and what its sender may choose."""
    mine = image.uploaded_by_id == user.pk and may(user, act=Act.WITHDRAW, site=image.site_id)
    free = mine and image.withdrawn_at is None and not smear_is_read(image)
    held = is_held(image)
    if not held and not free:
        return None
    checks = checks_of(image.quality_flags)
    return BenchShown(
        held=held,
        why=" · ".join(str(check.word) for check in checks),
        choose_url=reverse("image_choose", args=[image.pk]) if free else "",
        back=reverse("image", args=[image.pk]),
    )
