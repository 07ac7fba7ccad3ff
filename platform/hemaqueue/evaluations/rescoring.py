"""Having old images scored by the version that serves now: chosen once, asked for bit by bit.

Earlier results stay; a new one is a further row. What was signed names the result it rests on,
so that no signature changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Now

from hemaqueue.accounts.models import Site
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.evaluations.models import Rescore, RescoredImage
from hemaqueue.jobs.states import LIVE
from hemaqueue.predictions.models import Prediction
from hemaqueue.registry.models import LONGEST_REASON, ModelStatus, ModelVersion
from hemaqueue.specimens.models import SmearImage

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User
    from hemaqueue.jobs.models import Job

MOST = 50_000
AT_ONCE = 2000


class RescoreUnexplained(Refused):
    """Say why old images are scored again."""

    code = "reason_required"


class NotServing(Conflict):
    """Only the version that serves scores old images again. Let this one serve first."""

    code = "not_serving"


class NothingToRescore(Refused):
    """No image was chosen: this version said something of all of them already."""

    code = "nothing_to_rescore"


class TooManyImages(Refused):
    """These are more than 50,000 images. Choose fewer: one site, or fewer days."""

    code = "too_many"


class RescoreGoesOn(Conflict):
    """This version is scoring old images already. Call that off first, or wait for its end."""

    code = "rescore_goes_on"


class RescoreEnded(Conflict):
    """It has ended already. Nothing was changed."""

    code = "rescore_ended"


@dataclass(frozen=True)
class Chosen:
    """Which images: of one site, last scored by `former`, uploaded on these days, both counted."""

    site: Site | None = None
    former: ModelVersion | None = None
    since: date | None = None
    until: date | None = None

    def rules(self) -> dict[str, Any]:
        found = {
            "site": self.site,
            "newest_model": self.former.pk if self.former else None,
            "uploaded_at__date__gte": self.since,
            "uploaded_at__date__lte": self.until,
        }
        return {name: value for name, value in found.items() if value is not None}


def images_chosen(version: ModelVersion, *, chosen: Chosen) -> QuerySet[SmearImage]:
    """Return the images of which other versions said something, and this one nothing yet."""
    newest = Prediction.objects.filter(image=OuterRef("pk")).order_by("-created_at", "-pk")
    own = Prediction.objects.filter(image=OuterRef("pk"), model=version)
    here = SmearImage.objects.filter(kind=version.image_kind, withdrawn_at=None, held_at=None)
    known: Any = here.annotate(
        newest=Subquery(newest.values("pk")[:1]), newest_model=Subquery(newest.values("model")[:1])
    )
    found: QuerySet[SmearImage] = known.filter(~Exists(own), newest__isnull=False, **chosen.rules())
    return found


@transaction.atomic
def rescore_open(version: ModelVersion, *, chosen: Chosen, reason: str, by: User) -> Rescore:
    """Write down which images a version scores again. Nothing is asked of it yet.

    Raises:
        RescoreUnexplained, NotServing, RescoreGoesOn: it may not begin.
        NothingToRescore, TooManyImages: the choice is empty, or too large.
    """
    if not reason.strip():
        raise RescoreUnexplained
    with connection.cursor() as cursor:  # one order after another
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('rescore'))")
    if ModelVersion.objects.get(pk=version.pk).status != ModelStatus.SERVING:
        raise NotServing
    if Rescore.objects.filter(model=version, ended_at=None).exists():
        raise RescoreGoesOn
    rows: Any = images_chosen(version, chosen=chosen).order_by("-uploaded_at", "pk")
    pairs = list(rows.values_list("pk", "newest")[: MOST + 1])
    if not pairs:
        raise NothingToRescore
    if len(pairs) > MOST:
        raise TooManyImages
    return _written(version, pairs=pairs, chosen=chosen, reason=reason, by=by)


def _written(
    version: ModelVersion,
    *,
    pairs: Iterable[tuple[UUID, int]],
    chosen: Chosen,
    reason: str,
    by: User,
) -> Rescore:
    listed = list(pairs)
    rescore = Rescore.objects.create(
        model=version,
        site=chosen.site,
        former=chosen.former,
        since=chosen.since,
        until=chosen.until,
        reason=reason.strip()[:LONGEST_REASON],
        total=len(listed),
        by=by,
    )
    RescoredImage.objects.bulk_create(
        (RescoredImage(rescore=rescore, image_id=pk, before_id=said) for pk, said in listed),
        batch_size=AT_ONCE,
    )
    site = chosen.site.pk if chosen.site else None
    audit_record(
        "rescore.request", by=by, about=rescore, site=site, model=str(version.pk), n=len(listed)
    )
    return rescore


def rescores_open() -> QuerySet[Rescore]:
    return Rescore.objects.filter(ended_at=None).select_related("model").order_by("at", "pk")


def rescore_next(rescore: Rescore, *, most: int, sites_left_out: list[UUID]) -> list[RescoredImage]:
    """Return the next images to ask for; none of what was withdrawn meanwhile."""
    left = rescore.images.filter(job=None, image__withdrawn_at=None)
    left = left.exclude(image__site__in=sites_left_out).select_related("image")
    return list(left.order_by("-image__uploaded_at", "pk")[:most])


def rescore_asked(rows: Mapping[UUID, Job]) -> None:
    """Note which job tries which image of an order."""
    for pk, job in rows.items():
        RescoredImage.objects.filter(pk=pk).update(job=job)


def rescore_end_if_done(rescore: Rescore) -> bool:
    """End an order of which nothing is left to ask, and nothing on its way."""
    left = rescore.images.filter(job=None, image__withdrawn_at=None)
    if left.exists() or rescore.images.filter(job__state__in=LIVE).exists():
        return False
    Rescore.objects.filter(pk=rescore.pk, ended_at=None).update(ended_at=Now())
    audit_record("rescore.end", by=None, about=rescore)
    return True


@transaction.atomic
def rescore_cancel(rescore: Rescore, *, by: User | None) -> list[RescoredImage]:
    """End an order; return what is on its way, for the caller to call off. Results so far stay.

    Raises:
        RescoreEnded: it has ended.
    """
    locked = Rescore.objects.select_for_update().get(pk=rescore.pk)
    if locked.ended_at:
        raise RescoreEnded
    Rescore.objects.filter(pk=rescore.pk).update(
        ended_at=Now(), cancelled_at=Now(), cancelled_by=by
    )
    audit_record("rescore.cancel", by=by, about=rescore)
    return list(rescore.images.filter(job__state__in=LIVE).select_related("job"))


def rescore_still_wanted(rows: Iterable[RescoredImage]) -> list[RescoredImage]:
    """Return those of locked rows whose image still has `before` as its newest result."""
    listed = list(rows)
    newest = Prediction.objects.filter(image__in=[row.image_id for row in listed])
    found = (
        newest.order_by("image", "-created_at", "-pk")
        .distinct("image")
        .values_list("pk", flat=True)
    )
    known = set(found)
    return [row for row in listed if row.before_id in known]
