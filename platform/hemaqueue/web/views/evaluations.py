"""What versions scored: figures for every member, images for those who may see them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hemaqueue.accounts.selectors import runs_installation
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, Missing, Refused
from hemaqueue.common.files import file_response
from hemaqueue.evaluations.error_readings import error_read as error_reading
from hemaqueue.evaluations.error_readings import pictures_read, reasons_counted
from hemaqueue.evaluations.models import Evaluation
from hemaqueue.evaluations.selectors import (
    Side,
    evaluation_get,
    picture_get,
    picture_grid,
    pictures_of,
    pictures_order,
)
from hemaqueue.exports.tables import csv_bytes
from hemaqueue.predictions.classes import class_words
from hemaqueue.registry.points import thresholds_of
from hemaqueue.web.errors import page
from hemaqueue.web.forms.versions import PointForm
from hemaqueue.web.heat import heat_png
from hemaqueue.web.paging import page_after
from hemaqueue.web.people import administrator, back_to, person
from hemaqueue.web.shown.errors import COLUMNS, choices_shown, error_rows, reason_choices
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
    return evaluation_page(request, evaluation_get(pk))


def evaluation_page(
    request: HttpRequest, found: Evaluation, *, point_form: PointForm | None = None
) -> HttpResponse:
    """Return the page; `point_form` are thresholds that were refused."""
    audit_record("evaluation.view", by=person(request), about=found)
    errors = list(pictures_of(found)[:ERRORS_SHOWN])
    holding = thresholds_of(found.model)
    context: dict[str, Any] = {
        "shown": evaluation_shown(found, thresholds=holding),
        "cards": picture_cards(errors, user=person(request)),
    }
    swept = found.report.get("threshold_sweep")
    if runs_installation(request.user) and (swept or point_form):
        given = {"decision": holding.decision, "abstain": holding.abstain}
        form = point_form or PointForm(initial=given)
        context |= {"point_form": form, "point_line": point_line(holding)}
    status = 422 if point_form else 200
    return render(request, "evaluations/evaluation.html", context, status=status)


@require_GET
@page
def evaluation_pictures(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The images of a cell of the confusion matrix, of a side, or every error, the surest first."""
    found = evaluation_get(pk)
    audit_record("evaluation.view", by=person(request), about=found, pictures=True)
    asked, reason = _asked(request), request.GET.get("reason", "")
    every = pictures_of(found, **asked)
    pictures = pictures_read(every, reason=reason)
    label, named = asked["label"], asked["named"]
    counts = reasons_counted(every)
    order = pictures_order(asked["side"])
    shown, pages = page_after(pictures, fields=order, query=request.GET, size=CELL_SHOWN)
    context = {
        "line": evaluation_line(found),
        "model": found.model.name,
        "label": class_words(label) if label else None,
        "named": class_words(named) if named else None,
        "side": dict(Side.choices).get(asked["side"], ""),
        "choices": choices_shown(found, side=asked["side"], cell=bool(label or named)),
        "reasons": reason_choices(counts, evaluation=found, asked=asked, reason=reason),
        "may_read": runs_installation(request.user),
        "errors": not label or label != named,
        "here": request.get_full_path(),
        "file": urlencode(asked | {"reason": reason}),
        "count": pictures.count(),
        "cards": picture_cards(shown, user=person(request)),
        "kept": found.pictures.exists(),
        "pages": pages,
    }
    return render(request, "evaluations/pictures.html", context)


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in ("label", "named", "side")}


@require_GET
@page
def evaluation_export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same list as CSV, whole, for who runs the installation."""
    user = administrator(request)
    found = evaluation_get(pk)
    audit_record("evaluation.export", by=user, about=found)
    every = pictures_of(found, **_asked(request)).defer("grid", "scores")
    pictures = pictures_read(every, reason=request.GET.get("reason", ""))
    data = csv_bytes(error_rows(list(pictures), user=user), columns=COLUMNS)
    return file_response(data, media_type="text/csv", name=f"{pk}-pictures.csv", download=True)


@require_POST
@page
def error_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why a picture was named wrongly; no reasons take back what was said before."""
    user = administrator(request)
    picture = picture_get(pk)
    try:
        said = error_reading(picture, reasons=request.POST.getlist("reasons"), by=user)
    except (Refused, Conflict) as refusal:
        messages.error(request, refusal.sentence)
    else:
        kept = _("Kept, with your name.") if said.reasons else _("What you said is taken back.")
        messages.success(request, kept)
    return redirect(back_to(request))


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
