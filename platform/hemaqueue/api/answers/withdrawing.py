"""What was taken out of what models learn from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class WithdrawalAnswer(Answer):
    """`scope` is label, image (later labels do not teach either) or back (it teaches again)."""

    image: UUID
    scope: str
    label: str | None
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class WithdrawalList(Answer):
    results: list[WithdrawalAnswer]


@dataclass(frozen=True)
class WithdrawnLabelAnswer(Answer):
    """A label that a version learned from and that teaches no more.

    It is of an image that a reader confirmed at `confirmed_at`, or, with a `dataset`, of a picture
    with which it came; `image_url` is its address.
    """

    image: UUID
    image_url: str
    dataset: UUID | None
    label: str
    confirmed_at: datetime | None
    withdrawn_at: datetime


@dataclass(frozen=True)
class WithdrawnLabelList(Answer):
    """`count` is over all sites, `results` are of images that the asker may see."""

    count: int
    results: list[WithdrawnLabelAnswer]
