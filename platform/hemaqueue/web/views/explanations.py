"""Asking where the network looked for a class, and watching until it is drawn."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hemaqueue.accounts.models import User
from hemaqueue.accounts.selectors import site_ids
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Conflict, NotAllowed, Refused
from hemaqueue.jobs.states import JobState
from hemaqueue.pipeline.steps import explanation_requested, job_asked_again
from hemaqueue.predictions.models import Prediction
from hemaqueue.predictions.selectors import prediction_of
from hemaqueue.reviews.first_reads import require_revealed
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.selectors import image_get
from hemaqueue.web.errors import page
from hemaqueue.web.people import person
from hemaqueue.web.shown.explaining import (
    OWN,
    Asked,
    explanation_jobs,
    heatmaps_drawn,
    query_of,
    scores_shown,
    ways_of,
)
from hemaqueue.web.shown.walking import Walk
from jobcontract.names import Method


class NothingToExplain(Conflict):
    """There is no result yet that could be explained."""

    code = "no_result_yet"


class UnknownClass(Refused):
    """The model of this result knows no such class."""


class UnknownMethod(Refused):
    """The model of this result is not explained in this way."""


@require_http_methods(["GET", "POST"])
@page
def image_explain(request: HttpRequest, pk: UUID) -> HttpResponse:
    """POST asks for the heatmap of `label`, by the network's own way or by the `method` that is
    named. GET is the scores again: 204 without news.
    """
    user = person(request)
    image = image_get(user, pk)
    require_revealed(image, reader=user)
    prediction = prediction_of(image)
    if request.method == "POST":
        return _asked(request, image=image, prediction=prediction, user=user)
    if prediction is None:
        raise NothingToExplain
    return _scores(request, image, prediction=prediction, asked=asked_of(request.GET))


def asked_of(values: QueryDict) -> Asked:
    """Return which heatmap an address or a form names."""
    return values.get("label", ""), values.get("method", OWN)


def _asked(
    request: HttpRequest, *, image: SmearImage, prediction: Prediction | None, user: User
) -> HttpResponse:
    if image.site_id not in site_ids(user):
        raise NotAllowed
    if prediction is None:
        raise NothingToExplain
    asked = label, method = asked_of(request.POST)
    if label not in {one.label for one in prediction.class_scores.all()}:
        raise UnknownClass
    if method not in ways_of(prediction):
        raise UnknownMethod
    method = method or Method.GRADCAM.value
    _have_drawn(prediction, asked=asked, method=method, by=user)
    audit_record("image.explain", by=user, about=image, label=label, method=method)
    if request.headers.get("HX-Request"):
        return _scores(request, image, prediction=prediction, asked=asked)
    query = query_of(asked) | Walk.of(request).query
    return redirect(f"{reverse('image', args=[image.pk])}?{urlencode(query)}")


def _have_drawn(prediction: Prediction, *, asked: Asked, method: str, by: User) -> None:
    """Ask for what is neither drawn nor on its way; what failed keeps its record."""
    job = explanation_jobs(prediction).get(asked)
    if asked in heatmaps_drawn(prediction) or (job and not JobState(job.state).is_final):
        return
    if job and job.state in (JobState.FAILED, JobState.DEAD):
        job_asked_again(job, by=by)
    else:
        explanation_requested(prediction, label=asked[0], method=method, by=by)


def _scores(
    request: HttpRequest, image: SmearImage, *, prediction: Prediction, asked: Asked
) -> HttpResponse:
    shown = scores_shown(
        image,
        user=person(request),
        prediction=prediction,
        asked=asked,
        walk=Walk.of(request),
    )
    if request.GET.get("mark") == shown.mark:
        return HttpResponse(status=204)
    return render(request, "components/scores.html", {"scores": shown})
