"""An order to score old images again, in the words of the interface."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hemaqueue.accounts.models import User
from hemaqueue.api.answers import RescoreAnswer
from hemaqueue.api.answers.rescoring import RescoreFlipAnswer
from hemaqueue.api.shown.links import link
from hemaqueue.evaluations.models import Rescore
from hemaqueue.evaluations.rescored import rescore_counts
from hemaqueue.reviews.first_reads import images_revealed
from hemaqueue.specimens.models import SmearImage


def rescore_answer(rescore: Rescore) -> RescoreAnswer:
    counts = rescore_counts(rescore)
    return RescoreAnswer(
        id=rescore.pk,
        url=link("rescore", rescore.pk),
        model=rescore.model_id,
        model_name=rescore.model.name,
        site=rescore.site.slug if rescore.site else None,
        former=rescore.former_id,
        since=rescore.since,
        until=rescore.until,
        reason=rescore.reason,
        by=rescore.by.printed_name,
        at=rescore.at,
        ended_at=rescore.ended_at,
        cancelled_at=rescore.cancelled_at,
        total=counts.total,
        done=counts.done,
        failed=counts.failed,
        dropped=counts.late,
        flipped=counts.flipped,
        flipped_signed=counts.flipped_signed,
    )


def rescore_flip_answers(rows: Sequence[Any], *, user: User) -> list[RescoreFlipAnswer]:
    here = SmearImage.objects.visible_to(user).filter(pk__in=[row.image_id for row in rows])
    seen = set(images_revealed(here, reader=user).values_list("pk", flat=True))
    return [
        RescoreFlipAnswer(
            image=row.image_id if row.image_id in seen else None,
            before=row.before.label,
            before_confidence=row.before.confidence,
            now=row.after.label,
            now_confidence=row.after.confidence,
            signed=row.signed,
        )
        for row in rows
    ]
