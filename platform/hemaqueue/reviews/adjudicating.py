"""Readers who disagree: a clinician sees what each of them said, and settles it with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.reviews.models import Decision
from hemaqueue.reviews.services import Verdict, decision_record

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User
    from hemaqueue.specimens.models import SmearImage


@transaction.atomic
def decision_adjudicate(image: SmearImage, *, verdict: Verdict, by: User) -> Decision:
    """Settle what readers disagree about. What they said stays on record beside it.

    Raises:
        NotAllowed: the role of `by` at the image's site does not include deciding.
        NotDisputed: they do not disagree, or somebody settled it.
        See `decision_record` for the rest.
    """
    require(by, act=Act.DECIDE, site=image.site_id)
    return decision_record(image, verdict=replace(verdict, adjudicates=True), by=by)


def reads_of(images: Iterable[SmearImage]) -> list[Decision]:
    """Return what every reader says of these images, the first of them first."""
    found = Decision.objects.filter(image__in=[image.pk for image in images])
    return list(found.select_related("reader").order_by("at", "pk"))
