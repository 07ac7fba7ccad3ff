"""An order to score old images again, in the words of the interface."""

from __future__ import annotations

from hemaqueue.api.answers import RescoreAnswer
from hemaqueue.api.shown.links import link
from hemaqueue.evaluations.models import Rescore
from hemaqueue.evaluations.rescored import rescore_counts


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
