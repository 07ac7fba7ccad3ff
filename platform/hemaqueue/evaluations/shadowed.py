"""Reading shadows: how often they agree with what serves, and with what people signed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from hemaqueue.common.errors import Missing
from hemaqueue.evaluations.models import Shadow, ShadowResult
from hemaqueue.jobs.states import JobState
from hemaqueue.reviews.models import ConfirmedLabel, Signature
from jobcontract.paired import McNemar, mcnemar

FLIPS_ORDER = ("-truth", "-confidence", "-id")


class Told(NamedTuple):
    """What the serving version, the shadow, and the signed label ("" where there is none) say."""

    serving: str
    shadow: str
    signed: str


@dataclass(frozen=True)
class Agreement:
    """`pairs` counts (serving, shadow); the rest is about images of signed cases."""

    answered: int
    waiting: int
    failed: int
    agreed: int
    pairs: dict[tuple[str, str], int]
    signed: int
    shadow_right: int
    serving_right: int
    test: McNemar


def shadow_list() -> QuerySet[Shadow]:
    """Return the orders, the newest first."""
    related = ("model", "site", "by", "ended_by")
    return Shadow.objects.select_related(*related).order_by("-at", "-pk")


def shadow_get(pk: UUID) -> Shadow:
    found = shadow_list().filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


def shadow_agreement(shadow: Shadow) -> Agreement:
    """Count how often a shadow agrees: with what serves, and with what people signed."""
    asked = shadow.results.filter(label="")
    failed = asked.filter(job__state__in=(JobState.FAILED, JobState.DEAD)).count()
    told = [Told(*row) for row in _answered(shadow).values_list("beside__label", "label", "truth")]
    known = [one for one in told if one.signed]
    right = np.array([one.shadow == one.signed for one in known], np.bool_)
    served = np.array([one.serving == one.signed for one in known], np.bool_)
    return Agreement(
        answered=len(told),
        waiting=asked.count() - failed,
        failed=failed,
        agreed=sum(one.serving == one.shadow for one in told),
        pairs=dict(Counter((one.serving, one.shadow) for one in told)),
        signed=len(known),
        shadow_right=int(right.sum()),
        serving_right=int(served.sum()),
        test=mcnemar(right, served),
    )


def shadow_flips(shadow: Shadow) -> QuerySet[Any]:
    """Return what a shadow names otherwise: what is signed first, then the surest."""
    flipped = _answered(shadow).exclude(label=F("beside__label"))
    return flipped.select_related("beside__image__case").order_by(*FLIPS_ORDER)


def _answered(shadow: Shadow) -> QuerySet[Any]:
    """Return the answers with the label that stands signed of their image, "" where none does."""
    image = OuterRef("beside__image")
    standing = ConfirmedLabel.objects.filter(image=image, withdrawn_at=None).annotate(
        signed=Exists(Signature.objects.filter(review__case=OuterRef("image__case")))
    )
    label = Subquery(standing.filter(signed=True).order_by("-at", "-pk").values("label")[:1])
    found = ShadowResult.objects.filter(shadow=shadow).exclude(label="")
    return found.annotate(truth=Coalesce(label, Value("")))
