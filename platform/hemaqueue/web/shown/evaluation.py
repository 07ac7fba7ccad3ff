"""An evaluation as its page shows it, and the images of a cell or of the error gallery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.selectors import runs_installation
from hemaqueue.evaluations.error_readings import is_error, readings_holding
from hemaqueue.evaluations.models import ErrorReading, EvaluatedPicture, Evaluation, Source
from hemaqueue.evaluations.policy import gate_policy
from hemaqueue.evaluations.split_words import split_words
from hemaqueue.predictions.classes import ClassWords, class_words
from hemaqueue.registry.points import Thresholds
from hemaqueue.web.shown.errors import ReadingWords, reading_words, reason_boxes
from hemaqueue.web.shown.evaluation_boxes import BoxesShown, boxes_shown
from hemaqueue.web.shown.evaluation_figures import FigureRow, figure_rows
from hemaqueue.web.shown.evaluation_plots import plots
from hemaqueue.web.shown.evaluation_robustness import Disturbance, disturbances, gate_line
from hemaqueue.web.shown.evaluation_tables import (
    MatrixRow,
    PartRow,
    class_rows,
    matrix_rows,
    stranger_rows,
    subgroup_tables,
)
from hemaqueue.web.shown.heatmap_checks import HeatmapChecks, heatmap_checks
from hemaqueue.web.shown.judged import NOWHERE, Place, places_of
from hemaqueue.web.shown.line_plots import LinePlot
from hemaqueue.web.shown.numbers import percent, score


@dataclass(frozen=True)
class EvaluationLine:
    """One evaluation in a list."""

    id: UUID
    url: str
    at: datetime
    data: str
    n: int
    split: str
    accuracy: str
    sensitivity: str
    colour: str
    source: str


@dataclass(frozen=True)
class EvaluationShown:
    line: EvaluationLine
    model: str
    model_url: str
    demonstration: bool
    by: str
    figures: list[FigureRow]
    classes: list[ClassWords]
    matrix: list[MatrixRow]
    parts: list[PartRow]
    boxes: BoxesShown | None
    subgroups: list[tuple[str, list[PartRow]]]
    disturbances: list[Disturbance]
    gate: str
    heatmaps: HeatmapChecks | None
    strangers: list[PartRow]
    plots: list[LinePlot]
    digest: str
    data_digest: str
    pictures: int
    errors: int


@dataclass(frozen=True)
class PictureCard:
    """`url` is empty where the image is not here, or not for this person.

    `boxes` are the reasons that this person may give; none where it was named rightly.
    """

    id: int
    key: str
    url: str
    thumb: str
    heat: str
    label: ClassWords
    named: ClassWords
    confidence: str
    site: str
    alt: str
    readings: list[ReadingWords]
    boxes: list[tuple[str, str, bool]]
    said: bool


def evaluation_line(evaluation: Evaluation) -> EvaluationLine:
    report = evaluation.report
    sensitivity = report["binary"].get("sensitivity")
    alone = (report.get("colour_only_baseline") or {}).get("accuracy")
    return EvaluationLine(
        id=evaluation.pk,
        url=reverse("evaluation", args=[evaluation.pk]),
        at=evaluation.at,
        data=evaluation.data_name or evaluation.data_digest[:12],
        n=evaluation.n,
        split=split_words(evaluation.split),
        accuracy=percent(report["accuracy"]),
        sensitivity="–" if sensitivity is None else percent(sensitivity),
        colour="" if alone is None else percent(alone),
        source=str(Source(evaluation.source).label),
    )


def evaluation_shown(evaluation: Evaluation, *, thresholds: Thresholds) -> EvaluationShown:
    """Return the page's facts; `thresholds` are those that hold for new results."""
    report, version, policy = evaluation.report, evaluation.model, gate_policy()
    matrix = report["confusion_matrix"]
    return EvaluationShown(
        line=evaluation_line(evaluation),
        model=version.name,
        model_url=reverse("model", args=[version.pk]),
        demonstration=version.is_demonstration,
        by=evaluation.by.printed_name if evaluation.by else "",
        figures=figure_rows(report),
        classes=[class_words(code) for code in report["classes"]],
        matrix=matrix_rows(report),
        parts=class_rows(report),
        boxes=boxes_shown(report),
        subgroups=subgroup_tables(report),
        disturbances=disturbances(report, policy=policy),
        gate=gate_line(policy),
        heatmaps=heatmap_checks(report),
        strangers=stranger_rows(report),
        plots=plots(report, decision=thresholds.decision, abstain=thresholds.abstain),
        digest=evaluation.digest,
        data_digest=evaluation.data_digest,
        pictures=evaluation.pictures.count(),
        errors=sum(n for i, row in enumerate(matrix) for j, n in enumerate(row) if i != j),
    )


def point_line(thresholds: Thresholds) -> str:
    """Return who chose the thresholds that hold, and why."""
    if thresholds.point is None:
        return _("The version's own, chosen when it was made.")
    words = {"by": thresholds.point.by.printed_name, "reason": thresholds.point.reason}
    return _("Chosen by %(by)s: %(reason)s") % words


def picture_cards(pictures: Sequence[EvaluatedPicture], *, user: User) -> list[PictureCard]:
    """Return the cards of these pictures; an image opens where `user` may see it."""
    here = places_of([one.sha256 for one in pictures], user=user)
    said = readings_holding(pictures)
    return [
        _card(one, place=here.get(one.sha256, NOWHERE), read=said.get(one.pk, []), user=user)
        for one in pictures
    ]


def _card(
    picture: EvaluatedPicture, *, place: Place, read: list[ErrorReading], user: User
) -> PictureCard:
    mine = next((one for one in read if one.by_id == user.pk), None)
    asked = bool(place.url) and runs_installation(user) and is_error(picture)
    label, named = class_words(picture.label), class_words(picture.named)
    words = {"label": label.name, "named": named.name}
    return PictureCard(
        id=picture.pk,
        key=picture.sha256[:12],
        url=place.url,
        thumb=place.thumb,
        heat=reverse("evaluated_heatmap", args=[picture.pk]) if picture.rows else "",
        label=label,
        named=named,
        confidence=score(picture.confidence),
        site=place.site,
        alt=_("%(label)s, named %(named)s") % words,
        readings=[reading_words(one) for one in read],
        boxes=reason_boxes(mine) if asked else [],
        said=mine is not None,
    )
