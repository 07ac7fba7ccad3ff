"""A case in words: k of n images, what to check, who read what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may
from hemaqueue.predictions.classes import class_words
from hemaqueue.reviews.lines import Line
from hemaqueue.reviews.selectors import images_undecided
from hemaqueue.specimens.models import Case, SmearImage
from hemaqueue.specimens.selectors import case_guests
from hemaqueue.web.shown import numbers
from hemaqueue.web.shown.chips import Chip, attention
from hemaqueue.web.shown.flags import checks_of, codes_of
from hemaqueue.web.shown.rows import specimen_line


@dataclass(frozen=True)
class CaseShown:
    url: str
    accession: str
    line: str
    urgent: bool
    rollup: str
    rollup_detail: str
    checks: list[Chip]
    models: str
    shared: str
    share_url: str
    read_url: str
    cells_url: str


def case_shown(
    case: Case, *, images: Sequence[SmearImage], said: Mapping[UUID, Line], user: User
) -> CaseShown:
    """Return the case's page; a case is never clear while one of its images is not.

    `said` is what this reader may know of the images.
    """
    predictions = list(said.values())
    return CaseShown(
        url=reverse("case", args=[case.pk]),
        accession=case.accession,
        line=_line(case, images),
        urgent=case.urgent,
        rollup=_rollup(predictions, images=len(images)),
        rollup_detail=_spread(predictions),
        checks=_checks(images, said=said),
        models=_models(predictions),
        shared=", ".join(guest.printed_name for guest in case_guests(case)),
        share_url=_share_url(case, user=user),
        read_url=_read_url(case, user=user),
        cells_url=reverse("case_cells", args=[case.pk]),
    )


def is_malignant(prediction: Line) -> bool:
    return class_words(prediction.label).malignant


def _line(case: Case, images: Sequence[SmearImage]) -> str:
    place = specimen_line(images[0], site=case.site.name) if images else case.site.name
    patient = _("patient %s") % case.patient if case.patient else ""
    return " · ".join(part for part in (place, patient) if part)


def _rollup(predictions: Sequence[Line], *, images: int) -> str:
    if not predictions:
        return _("Nothing is classified yet")
    found = sum(is_malignant(one) for one in predictions)
    words = ngettext(
        "%(k)d of %(n)d image suggests a malignant class",
        "%(k)d of %(n)d images suggest a malignant class",
        images,
    )
    return words % {"k": found, "n": images}


def _spread(predictions: Sequence[Line]) -> str:
    """Return the highest and the middle malignant score of the images."""
    if not predictions:
        return ""
    scores = [one.malignant for one in predictions]
    return _("malignant score: highest %(max)s, median %(median)s") % {
        "max": numbers.score(max(scores)),
        "median": numbers.score(median(scores)),
    }


def _checks(images: Sequence[SmearImage], *, said: Mapping[UUID, Line]) -> list[Chip]:
    """Return one chip per flag, with the number of images that bear it."""
    counts: dict[str, int] = {}
    for image in images:
        flags = said[image.pk].flags if image.pk in said else ()
        for code in codes_of(image.quality_flags, flags):
            counts[code] = counts.get(code, 0) + 1
    chips = [
        attention(f"{check.word} · {counts[check.code]}", str(check.sentence))
        for check in checks_of(counts)
    ]
    if missing := len(images) - len(said):
        words = ngettext("%(n)d not classified", "%(n)d not classified", missing)
        chips.append(Chip("waiting", "circle", words % {"n": missing}))
    return chips


def _models(predictions: Sequence[Line]) -> str:
    names = sorted({one.model for one in predictions})
    return _("Suggestions by %s.") % ", ".join(names) if names else ""


def _share_url(case: Case, *, user: User) -> str:
    if not may(user, act=Act.SHARE, site=case.site_id):
        return ""
    return reverse("case_share", args=[case.pk])


def _read_url(case: Case, *, user: User) -> str:
    if not may(user, act=Act.DECIDE, site=case.site_id):
        return ""
    first = images_undecided(case).order_by("uploaded_at", "id").first()
    return reverse("image", args=[first.pk]) if first else ""
