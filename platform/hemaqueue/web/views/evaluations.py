"""What versions scored: figures for every member, images for those who may see them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hemaqueue.accounts.selectors import runs_installation
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Missing
from hemaqueue.common.files import file_response
from hemaqueue.evaluations.selectors import (
    evaluation_get,
    picture_get,
    picture_grid,
    pictures_of,
)
from hemaqueue.predictions.classes import class_words
from hemaqueue.registry.points import thresholds_of
from hemaqueue.web.errors import page
from hemaqueue.web.forms.versions import PointForm
from hemaqueue.web.heat import heat_png
from hemaqueue.web.people import person
from hemaqueue.web.shown.evaluation import (
    evaluation_line,
    evaluation_shown,
    picture_cards,
    point_line,
)
from hemaqueue.web.shown.judged import places_of

ERRORS_SHOWN, CELL_SHOWN = 12, 120


@require_GET
@page
def evaluation(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = evaluation_get(pk)
    audit_record("evaluation.view", by=person(request), about=found)
    errors = list(pictures_of(found)[:ERRORS_SHOWN])
    holding = thresholds_of(found.model)
    context: dict[str, Any] = {
        "shown": evaluation_shown(found, thresholds=holding),
        "cards": picture_cards(errors, user=person(request)),
    }
    if runs_installation(request.user) and found.report.get("threshold_sweep"):
        given = {"decision": holding.decision, "abstain": holding.abstain}
        context |= {"point_form": PointForm(initial=given), "point_line": point_line(holding)}
    return render(request, "evaluations/evaluation.html", context)


@require_GET
@page
def evaluation_pictures(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The images of one cell of the confusion matrix, or every error, the surest first."""
    found = evaluation_get(pk)
    audit_record("evaluation.view", by=person(request), about=found, pictures=True)
    label, named = request.GET.get("label", ""), request.GET.get("named", "")
    pictures = pictures_of(found, label=label, named=named)
    context = {
        "line": evaluation_line(found),
        "model": found.model.name,
        "label": class_words(label) if label else None,
        "named": class_words(named) if named else None,
        "count": pictures.count(),
        "cards": picture_cards(list(pictures[:CELL_SHOWN]), user=person(request)),
    }
    return render(request, "evaluations/pictures.html", context)


@require_GET
@page
def evaluated_heatmap(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the version looked, in the picture's proportions, for who may see the picture."""
    picture = picture_get(pk)
    place = places_of([picture.sha256], user=person(request)).get(picture.sha256)
    if place is None:
        raise Missing
    heat = heat_png(picture_grid(picture), width=place.width, height=place.height)
    return file_response(heat, media_type="image/png", name=f"{pk}-heatmap.png")
