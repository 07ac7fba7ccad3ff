"""The result page: one image, what was said of it, what is left to do."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may, sites_allowing
from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.predictions.models import Prediction
from hemaqueue.predictions.selectors import prediction_of
from hemaqueue.reviews.first_reads import is_withheld
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.shown.cells import CellsShown, cells_shown
from hemaqueue.web.shown.explaining import (
    OWN,
    Asked,
    heatmap_caption,
    heatmap_url,
    heatmaps_drawn,
)
from hemaqueue.web.shown.neighbours import Beside, beside
from hemaqueue.web.shown.outcome import Outcome, outcome_shown
from hemaqueue.web.shown.panel import Panel, panel
from hemaqueue.web.shown.rows import specimen_line
from hemaqueue.web.shown.scale import ScaleShown, scale_shown
from hemaqueue.web.shown.undoing import UndoShown, undo_shown
from hemaqueue.web.shown.walking import WITHOUT, Walk
from jobcontract.names import Work


@dataclass(frozen=True)
class CaseLine:
    url: str
    accession: str
    line: str
    urgent: bool


@dataclass(frozen=True)
class Heat:
    """`shown` and `switch_url` serve who has no JavaScript."""

    url: str
    switch_url: str
    shown: bool
    caption: str


@dataclass(frozen=True)
class ResultPage:
    image: SmearImage
    url: str
    leave_url: str
    return_url: str
    refer_url: str
    case: CaseLine
    alt: str
    picture_url: str
    full_url: str
    original_url: str
    heat: Heat | None
    beside: Beside
    cells: CellsShown
    undo: UndoShown | None
    announce: str
    outcome: Outcome
    panel: Panel | None
    timeline_url: str
    scale: ScaleShown
    may_upload: bool


def result_page(
    image: SmearImage,
    *,
    user: User,
    heat_shown: bool = False,
    asked: Asked = ("", OWN),
    decision: Panel | None = None,
    walk: Walk = WITHOUT,
) -> ResultPage:
    """Return everything the page shows; `decision` replaces the panel after a refused one.

    `asked` is the heatmap that was asked for; without a class, that of the predicted one.
    """
    job = jobs_latest([image.pk], work=Work.CLASSIFY_SMEARS).get(image.pk)
    withheld = is_withheld(image, reader=user)
    known = prediction_of(image)
    prediction = None if withheld else known
    now = outcome_shown(
        image, user=user, job=job, prediction=known, withheld=withheld, asked=asked, walk=walk
    )
    return ResultPage(
        image=image,
        url=walk.image_url(image.pk),
        leave_url=_leave_url(image, user=user, walk=walk),
        return_url=walk.carried(reverse("image_return", args=[image.pk])),
        refer_url=_refer_url(image, walk=walk),
        case=_case_line(image),
        alt=_("Smear image of case %s") % image.case.accession,
        picture_url=reverse("image_picture", args=[image.pk]),
        full_url=reverse("image_full", args=[image.pk]),
        original_url=_original_url(image, user=user),
        heat=_heat(image, prediction, shown=heat_shown, asked=asked, walk=walk),
        beside=beside(image, user=user, walk=walk),
        cells=cells_shown(image, user=user),
        undo=undo_shown(user, walk=walk),
        announce=_announce(image, now),
        outcome=now,
        panel=decision or panel(image, user=user, prediction=prediction, walk=walk),
        timeline_url=walk.carried(reverse("image_timeline", args=[image.pk])),
        scale=scale_shown(image, user=user, walk=walk),
        may_upload=bool(sites_allowing(user, act=Act.UPLOAD)),
    )


def _leave_url(image: SmearImage, *, user: User, walk: Walk) -> str:
    """Return where Escape leads: readers to their worklist, others to the case."""
    if may(user, act=Act.DECIDE, site=image.site_id):
        return walk.leave_url
    return reverse("case", args=[image.case_id])


def _refer_url(image: SmearImage, *, walk: Walk) -> str:
    """Return where a colleague is asked; it knows the queue and the image one came from."""
    query = {"image": str(image.pk)} | walk.query
    return f"{reverse('case_refer', args=[image.case_id])}?{urlencode(query)}"


def _announce(image: SmearImage, now: Outcome) -> str:
    """Return what a screen reader is told when this image comes up."""
    said = [_("Case %s.") % image.case.accession]
    if now.withheld:
        said.append(_("First read: the suggestion is shown after it."))
    elif now.said and now.said.headline.uncertain:
        said.append(_("The model is uncertain: %s.") % now.said.headline.between)
    elif now.said:
        head = now.said.headline
        words = {"class": head.word, "band": head.band, "number": head.number}
        said.append(_("Suggestion: %(class)s, %(band)s, %(number)s.") % words)
    said += [_("Check first: %s.") % check.word for check in now.checks]
    return " ".join(said)


def _case_line(image: SmearImage) -> CaseLine:
    patient = _("patient %s") % image.case.patient if image.case.patient else ""
    return CaseLine(
        url=reverse("case", args=[image.case_id]),
        accession=image.case.accession,
        line=" · ".join(filter(None, (specimen_line(image, site=image.site.name), patient))),
        urgent=image.case.urgent,
    )


def _original_url(image: SmearImage, *, user: User) -> str:
    if not may(user, act=Act.DOWNLOAD_ORIGINAL, site=image.site_id):
        return ""
    return reverse("image_original", args=[image.pk])


def _heat(
    image: SmearImage, prediction: Prediction | None, *, shown: bool, asked: Asked, walk: Walk
) -> Heat | None:
    """Return the heatmap that was asked for, at once shown, or that of the predicted class."""
    if prediction is None:
        return None
    drawn = heatmaps_drawn(prediction)
    key = asked if asked in drawn else (prediction.label, OWN)
    heatmap = drawn.get(key)
    if heatmap is None:
        return None
    page = walk.image_url(image.pk)
    shown = shown or key == asked
    return Heat(
        url=heatmap_url(image, prediction=prediction, key=key),
        switch_url=page if shown else f"{page}{'&' if walk.token else '?'}heatmap=1",
        shown=shown,
        caption=heatmap_caption(heatmap),
    )
