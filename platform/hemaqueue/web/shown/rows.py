"""Images as rows of a list: one query each for work, results and decisions of a whole page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import SpecimenType, User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import site_ids, sites_allowing
from hemaqueue.common.wording import said_once
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.jobs.states import RETRYABLE
from hemaqueue.predictions.models import Prediction
from hemaqueue.reviews.first_reads import predictions_shown
from hemaqueue.reviews.models import Decision
from hemaqueue.reviews.reading import decisions_shown
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.addresses import url_of
from hemaqueue.web.shown.chips import Chip, held_chip, job_chip, withdrawn_chip
from hemaqueue.web.shown.decisions import decision_word
from hemaqueue.web.shown.failures import Failure, failure
from hemaqueue.web.shown.flags import codes_of, flag_chips
from hemaqueue.web.shown.suggestions import Suggestion, suggestion
from jobcontract.names import Work

SHOWN_FLAGS = 3


@dataclass(frozen=True)
class ImageRow:
    """`name` is the accession, or the file's name in the lists of one case or batch.

    `choose_url` is there for who sent a held image.
    """

    id: UUID
    url: str
    thumb: str
    name: str
    line: str
    at: datetime
    chip: Chip
    said: Suggestion | None
    flags: list[Chip]
    failure: Failure | None
    decided: str
    choose_url: str
    back: str


def image_rows(
    images: Iterable[SmearImage],
    *,
    user: User,
    paused: bool = False,
    by_file: bool = False,
    back: str = "",
    said: Mapping[UUID, Prediction] | None = None,
) -> list[ImageRow]:
    """Return the rows of a page; `back` is where a retry leads to.

    `said` is what this reader may know of the images, where the page has asked for it already.
    """
    if not (shown := list(images)):
        return []
    ids = [image.pk for image in shown]
    jobs = jobs_latest(ids, work=Work.CLASSIFY_SMEARS)
    said = predictions_shown(ids, reader=user) if said is None else said
    decided = decisions_shown(ids, reader=user)
    several = len(site_ids(user)) != 1
    retry = {site.pk for site in sites_allowing(user, act=Act.RETRY)}
    return [
        _row(
            image,
            job=jobs.get(image.pk),
            prediction=said.get(image.pk),
            decision=decided.get(image.pk),
            paused=paused,
            by_file=by_file,
            line="" if by_file else specimen_line(image, site=image.site.name if several else ""),
            back=back if image.site_id in retry else None,
            mine=image.uploaded_by_id == user.pk,
        )
        for image in shown
    ]


def _row(
    image: SmearImage,
    *,
    job: Job | None,
    prediction: Prediction | None,
    decision: Decision | None,
    paused: bool,
    by_file: bool,
    line: str,
    back: str | None,
    mine: bool,
) -> ImageRow:
    chips = flag_chips(codes_of(image, prediction))
    hidden = len(chips) - SHOWN_FLAGS
    if hidden > 0:
        chips = [*chips[:SHOWN_FLAGS], Chip("attention", "plus-lg", str(hidden))]
    failed = job is not None and job.state in RETRYABLE
    return ImageRow(
        id=image.pk,
        url=url_of("image", image.pk),
        thumb=url_of("image_thumbnail", image.pk),
        name=image.filename or _("image") if by_file else image.case.accession,
        line=line,
        at=image.uploaded_at,
        chip=image_chip(image, job=job, paused=paused),
        said=suggestion(prediction) if prediction else None,
        flags=chips,
        failure=failure(job, back=back) if job and failed else None,
        decided=_("read: %s") % decision_word(decision) if decision else "",
        choose_url=reverse("image_choose", args=[image.pk]) if is_held(image) and mine else "",
        back=back or "",
    )


def is_held(image: SmearImage) -> bool:
    return image.held_at is not None and image.withdrawn_at is None


def image_chip(image: SmearImage, *, job: Job | None, paused: bool = False) -> Chip:
    """Return the state of an image: its own where no work was asked for, else its job's."""
    if image.withdrawn_at:
        return withdrawn_chip()
    return held_chip() if image.held_at else job_chip(job, paused=paused)


def specimen_line(image: SmearImage, *, site: str = "") -> str:
    """Return "King Faisal Hospital · peripheral blood · Giemsa"; one's only site goes unsaid."""
    return slide_line(image.slide.specimen.type, image.slide.stain, site=site)


@said_once
def slide_line(specimen: str, stain: str, *, site: str) -> str:
    kind = str(SpecimenType(specimen).label).lower()
    return " · ".join(filter(None, (site, kind, stain)))
