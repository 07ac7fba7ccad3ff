"""Work for which nobody waits: asked for bit by bit, and only while nothing else waits.

Each tick of the dispatcher gives it at most one parcel for every inference process that is
there. While one job of somebody's waits, it gets nothing.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import transaction

from hemaqueue.evaluations.models import Rescore, Shadow
from hemaqueue.evaluations.rescoring import (
    rescore_asked,
    rescore_cancel,
    rescore_end_if_done,
    rescore_next,
    rescores_open,
)
from hemaqueue.evaluations.shadowing import (
    MAY_SHADOW,
    shadow_asked,
    shadow_draw,
    shadow_end,
    shadows_open,
)
from hemaqueue.jobs.models import BACKGROUND, Job
from hemaqueue.jobs.selectors import WAITING, processes_present
from hemaqueue.pipeline.enqueue import enqueue
from hemaqueue.registry.models import ModelStatus
from hemaqueue.registry.selectors import model_reference
from hemaqueue.registry.switching import sites_suspended
from hemaqueue.specimens.models import SmearImage
from jobcontract import messages, sealing
from jobcontract.names import Queue, Work


def background_feed() -> int:
    """Ask for some of what may wait; return how many jobs were asked for."""
    shadowed = sum(_shadow_feed(shadow) for shadow in shadows_open())
    return shadowed + sum(_rescore_feed(rescore) for rescore in rescores_open())


def background_room() -> int:
    """Return how many jobs in the background may be asked for now."""
    live = Job.objects.filter(queue=Queue.INFERENCE, finished_at=None)
    if live.filter(priority__gt=BACKGROUND, state__in=WAITING).exists():
        return 0
    most = int(settings.HEMAQUEUE["BATCH_SIZE"]) * processes_present(Queue.INFERENCE)
    return max(0, most - live.filter(priority__lte=BACKGROUND).count())


@transaction.atomic
def _rescore_feed(found: Rescore) -> int:
    """Ask for the next images of an order; end it where nothing is left, or it serves no more."""
    locked = Rescore.objects.select_for_update(skip_locked=True, of=("self",))
    rescore = locked.filter(pk=found.pk, ended_at=None).select_related("model").first()
    if rescore is None:
        return 0
    if rescore.model.status != ModelStatus.SERVING:
        rescore_cancel(rescore, by=None)
        return 0
    everywhere, sites = sites_suspended()
    room = 0 if everywhere else background_room()
    rows = rescore_next(rescore, most=room, sites_left_out=sites) if room else []
    if not rows:
        rescore_end_if_done(rescore)
        return 0
    model = model_reference(rescore.model)
    work = Work.RESCORE_SMEARS
    rescore_asked({one.pk: _asked(work, one.image, row=one.pk, model=model) for one in rows})
    return len(rows)


@transaction.atomic
def _shadow_feed(found: Shadow) -> int:
    """Ask a shadow for what came in; end it where its version serves by now, or was rejected."""
    locked = Shadow.objects.select_for_update(skip_locked=True, of=("self",))
    shadow = locked.filter(pk=found.pk, ended_at=None).select_related("model").first()
    if shadow is None:
        return 0
    if shadow.model.status not in MAY_SHADOW:
        shadow_end(shadow, by=None)
        return 0
    everywhere, sites = sites_suspended()
    room = 0 if everywhere else background_room()
    if not room:
        return 0
    rows = shadow_draw(shadow, most=room, sites_left_out=sites)
    model = model_reference(shadow.model)
    work = Work.TRY_SMEARS
    shadow_asked({one.pk: _asked(work, one.beside.image, row=one.pk, model=model) for one in rows})
    return len(rows)


def _asked(work: Work, image: SmearImage, *, row: UUID, model: messages.ModelReference) -> Job:
    """Ask for one image. The job is about the row: the image's own work is left as it is."""
    return enqueue(
        work,
        messages.ClassifySmear(image=sealing.shared_file(image.key)),
        subject=row,
        site=None,
        by=None,
        model=model,
        priority=BACKGROUND,
    )
