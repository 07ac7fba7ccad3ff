"""A version that is tried, in the words of the interface."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from hemaqueue.accounts.models import User
from hemaqueue.api.answers import McNemarAnswer, ShadowAnswer
from hemaqueue.api.answers.shadowing import ShadowFlipAnswer
from hemaqueue.api.shown.links import link
from hemaqueue.evaluations.models import Shadow
from hemaqueue.evaluations.shadowed import shadow_agreement
from hemaqueue.reviews.first_reads import images_revealed
from hemaqueue.specimens.models import SmearImage


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


def shadow_flip_answers(rows: Sequence[Any], *, user: User) -> list[ShadowFlipAnswer]:
    here = SmearImage.objects.visible_to(user).filter(pk__in=[row.beside.image_id for row in rows])
    seen = set(images_revealed(here, reader=user).values_list("pk", flat=True))
    return [
        ShadowFlipAnswer(
            image=row.beside.image_id if row.beside.image_id in seen else None,
            serving=row.beside.label,
            serving_confidence=row.beside.confidence,
            shadow=row.label,
            shadow_confidence=row.confidence,
            signed=row.truth,
        )
        for row in rows
    ]
