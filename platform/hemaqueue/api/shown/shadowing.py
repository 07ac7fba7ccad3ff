"""A version that is tried, in the words of the interface."""

from __future__ import annotations

import dataclasses

from hemaqueue.api.answers import McNemarAnswer, ShadowAnswer
from hemaqueue.api.shown.links import link
from hemaqueue.evaluations.models import Shadow
from hemaqueue.evaluations.shadowed import shadow_agreement


def shadow_answer(shadow: Shadow) -> ShadowAnswer:
    found = shadow_agreement(shadow)
    return ShadowAnswer(
        id=shadow.pk,
        url=link("shadow", shadow.pk),
        model=shadow.model_id,
        model_name=shadow.model.name,
        site=shadow.site.slug if shadow.site else None,
        percent=shadow.percent,
        reason=shadow.reason,
        by=shadow.by.printed_name,
        at=shadow.at,
        ended_at=shadow.ended_at,
        answered=found.answered,
        waiting=found.waiting,
        failed=found.failed,
        agreed=found.agreed,
        signed=found.signed,
        shadow_right=found.shadow_right,
        serving_right=found.serving_right,
        mcnemar=McNemarAnswer(**dataclasses.asdict(found.test)),
    )
