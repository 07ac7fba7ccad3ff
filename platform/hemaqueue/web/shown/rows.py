"""Images as rows of a list: one query each for work, results and decisions of a whole page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from hemaqueue.accounts.models import SpecimenType, User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import site_ids, sites_allowing
from hemaqueue.common.wording import said_once
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.jobs.states import RETRYABLE
from hemaqueue.reviews.lines import Line, lines_shown
from hemaqueue.reviews.reading import words_shown
from hemaqueue.reviews.selectors import Word
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.addresses import small_thumbnail, url_of
from hemaqueue.web.shown.chips import Chip, held_chip, job_chip, withdrawn_chip
from hemaqueue.web.shown.decisions import decision_word
from hemaqueue.web.shown.failures import Failure, failure
from hemaqueue.web.shown.flags import codes_of, flag_chips
from hemaqueue.web.shown.suggestions import Suggestion, headline
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


class Taken(NamedTuple):
    """An image as a list knows it: the values behind TAKEN, in their order."""

    id: UUID
    uploaded_at: datetime
    site_id: UUID
    uploaded_by_id: UUID
    held_at: datetime | None
    withdrawn_at: datetime | None
    quality_flags: list[str]
    accession: str
    site: str
    specimen: str
    stain: str
    file: str = ""


TAKEN = (
    "id", "uploaded_at", "site_id", "uploaded_by_id", "held_at", "withdrawn_at", "quality_flags",
    "case__accession", "site__name", "slide__specimen__type", "slide__stain",
)  # fmt: skip


def image_rows(
    images: Iterable[SmearImage],
    *,
    user: User,
    paused: bool = False,
    by_file: bool = False,
    back: str = "",
    said: Mapping[UUID, Line] | None = None,
) -> list[ImageRow]:
    """Return the rows of a page; `back` is where a retry leads to.

    `said` is what this reader may know of the images, where the page has asked for it already.
    """
    taken = [_taken(image, by_file=by_file) for image in images]
    return taken_rows(taken, user=user, paused=paused, by_file=by_file, back=back, said=said)


def _taken(image: SmearImage, *, by_file: bool) -> Taken:
    specimen, stain = ("", "") if by_file else (image.slide.specimen.type, image.slide.stain)
    return Taken(
        image.pk,
        image.uploaded_at,
        image.site_id,
        image.uploaded_by_id,
        image.held_at,
        image.withdrawn_at,
        image.quality_flags,
        image.case.accession,
        "" if by_file else image.site.name,
        specimen,
        stain,
        str(image.filename) if by_file else "",
    )


def taken_rows(
    images: Sequence[Taken],
    *,
    user: User,
    paused: bool = False,
    by_file: bool = False,
    back: str = "",
    said: Mapping[UUID, Line] | None = None,
) -> list[ImageRow]:
    """Return the rows of images that are known by their values alone."""
    if not images:
        return []
    ids = [image.id for image in images]
    jobs = jobs_latest(ids, work=Work.CLASSIFY_SMEARS)
    said = lines_shown(ids, reader=user) if said is None else said
    decided = words_shown(ids, reader=user)
    several = len(site_ids(user)) != 1
    retry = {site.pk for site in sites_allowing(user, act=Act.RETRY)}
    return [
        _row(
            image,
            job=jobs.get(image.id),
            said=said.get(image.id),
            decision=decided.get(image.id),
            paused=paused,
            name=(image.file or _("image")) if by_file else image.accession,
            line="" if by_file else _specimen_line(image, with_site=several),
            back=back if image.site_id in retry else None,
            mine=image.uploaded_by_id == user.pk,
        )
        for image in images
    ]


def _specimen_line(image: Taken, *, with_site: bool) -> str:
    return slide_line(image.specimen, image.stain, site=image.site if with_site else "")


def _row(
    image: Taken,
    *,
    job: Job | None,
    said: Line | None,
    decision: Word | None,
    paused: bool,
    name: str,
    line: str,
    back: str | None,
    mine: bool,
) -> ImageRow:
    chips = flag_chips(codes_of(image.quality_flags, said.flags if said else ()))
    hidden = len(chips) - SHOWN_FLAGS
    if hidden > 0:
        chips = [*chips[:SHOWN_FLAGS], Chip("attention", "plus-lg", str(hidden))]
    failed = job is not None and job.state in RETRYABLE
    return ImageRow(
        id=image.id,
        url=url_of("image", image.id),
        thumb=small_thumbnail(image.id),
        name=name,
        line=line,
        at=image.uploaded_at,
        chip=image_chip(image, job=job, paused=paused),
        said=headline(said) if said else None,
        flags=chips,
        failure=failure(job, back=back) if job and failed else None,
        decided=_("read: %s") % decision_word(decision) if decision else "",
        choose_url=url_of("image_choose", image.id) if is_held(image) and mine else "",
        back=back or "",
    )


def is_held(image: SmearImage | Taken) -> bool:
    return image.held_at is not None and image.withdrawn_at is None


def image_chip(image: SmearImage | Taken, *, job: Job | None, paused: bool = False) -> Chip:
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
