"""Letting a candidate score what comes in, beside the version that serves, for nobody to see.

What it says is kept apart from results: no reader, case, queue or report ever shows it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.evaluations.models import Shadow, ShadowResult
from hemaqueue.predictions.models import Prediction
from hemaqueue.registry.models import LONGEST_REASON, ModelStatus, ModelVersion
from hemaqueue.registry.selectors import model_classes, model_serving

if TYPE_CHECKING:
    from hemaqueue.accounts.models import Site, User
    from hemaqueue.jobs.models import Job
    from jobcontract.messages import Classification

MAY_SHADOW = (ModelStatus.CANDIDATE, ModelStatus.RETIRED)
LOOKED_AT = 500
TOO_OLD = timedelta(days=1)


class ShadowUnexplained(Refused):
    """Say why this version shall be tried on what comes in."""

    code = "reason_required"


class ShadowShare(Refused):
    """The share is a percentage from 1 to 100."""

    code = "bad_share"


class CannotShadow(Conflict):
    """Only a candidate, or a version that served before, is tried beside the one that serves."""

    code = "cannot_shadow"


class ShadowOtherClasses(Conflict):
    """This version tells other classes apart than the one that serves."""

    code = "other_classes"


class ShadowGoesOn(Conflict):
    """Another version is being tried on this kind of image. Stop that first."""

    code = "shadow_goes_on"


class ShadowEnded(Conflict):
    """It has ended already. Nothing was changed."""

    code = "shadow_ended"


@transaction.atomic
def shadow_open(
    version: ModelVersion, *, site: Site | None, percent: int, reason: str, by: User
) -> Shadow:
    """Let a version score a share of what comes in from now on.

    Raises:
        ShadowUnexplained, ShadowShare: something is missing.
        CannotShadow, ShadowGoesOn, NoModelServes, ShadowOtherClasses: it may not begin.
    """
    if not reason.strip():
        raise ShadowUnexplained
    if not 1 <= percent <= 100:
        raise ShadowShare
    with connection.cursor() as cursor:  # one order after another
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('shadow'))")
    if ModelVersion.objects.get(pk=version.pk).status not in MAY_SHADOW:
        raise CannotShadow
    if Shadow.objects.filter(kind=version.image_kind, ended_at=None).exists():
        raise ShadowGoesOn
    if set(model_classes(model_serving(version.image_kind))) != set(model_classes(version)):
        raise ShadowOtherClasses
    newest = Prediction.objects.order_by("-pk").values_list("pk", flat=True).first()
    shadow = Shadow.objects.create(
        model=version,
        kind=version.image_kind,
        site=site,
        percent=percent,
        reason=reason.strip()[:LONGEST_REASON],
        seen=newest or 0,
        by=by,
    )
    where = site.pk if site else None
    audit_record(
        "shadow.start", by=by, about=shadow, site=where, model=str(version.pk), percent=percent
    )
    return shadow


@transaction.atomic
def shadow_end(shadow: Shadow, *, by: User | None) -> None:
    """End an order. What was said stays, to be read. Raises ShadowEnded."""
    if Shadow.objects.select_for_update().get(pk=shadow.pk).ended_at:
        raise ShadowEnded
    Shadow.objects.filter(pk=shadow.pk).update(ended_at=Now(), ended_by=by)
    audit_record("shadow.stop", by=by, about=shadow)


def shadows_open() -> QuerySet[Shadow]:
    return Shadow.objects.filter(ended_at=None).select_related("model").order_by("at", "pk")


def shadow_draw(shadow: Shadow, *, most: int, sites_left_out: list[UUID]) -> list[ShadowResult]:
    """Write down the next images that a shadow tries: at most `most`, of those not looked at.

    What waited for a day is passed over.
    """
    found = Prediction.objects.filter(
        pk__gt=shadow.seen,
        model__status=ModelStatus.SERVING,
        image__kind=shadow.kind,
        image__withdrawn_at=None,
        image__uploaded_at__gte=shadow.at,
        created_at__gt=Now() - TOO_OLD,
    )
    if shadow.site_id:
        found = found.filter(image__site=shadow.site_id)
    fresh = found.exclude(image__site__in=sites_left_out).select_related("image").order_by("pk")
    drawn: list[Prediction] = []
    seen = shadow.seen
    for said in fresh[:LOOKED_AT]:
        if len(drawn) == most:
            break
        seen = said.pk
        if is_drawn(said.image_id, percent=shadow.percent):
            drawn.append(said)
    Shadow.objects.filter(pk=shadow.pk).update(seen=seen)
    return ShadowResult.objects.bulk_create(
        ShadowResult(shadow=shadow, beside=said) for said in drawn
    )


def is_drawn(image: UUID, *, percent: int) -> bool:
    """Say whether an image belongs to a share: always the same ones, and more in a larger share."""
    number = int.from_bytes(hashlib.sha256(f"shadow {image}".encode()).digest()[:4], "big")
    return number % 100 < percent


def shadow_asked(rows: Mapping[UUID, Job]) -> None:
    """Note which job tries which image."""
    for pk, job in rows.items():
        ShadowResult.objects.filter(pk=pk).update(job=job)


def shadow_record(found: Sequence[tuple[UUID, Classification]]) -> None:
    """Keep what a shadow said, by the row it was asked for; nothing after its end."""
    known = ShadowResult.objects.filter(
        pk__in=[pk for pk, _ in found], shadow__ended_at=None
    ).in_bulk()
    rows = [(known[pk], said) for pk, said in found if pk in known]
    for row, said in rows:
        row.label, row.confidence, row.malignant = said.label, said.confidence, said.malignant
        row.scores, row.flags, row.at = dict(said.scores), list(said.flags), Now()
    names = ["label", "confidence", "malignant", "scores", "flags", "at"]
    ShadowResult.objects.bulk_update([row for row, _ in rows], names)
