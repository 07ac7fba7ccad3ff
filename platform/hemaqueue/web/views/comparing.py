"""Two versions side by side: figures for every member, images for those who may see them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hemaqueue.audit.services import audit_record
from hemaqueue.evaluations.comparing import comparison_of, pair_get, pairs_of
from hemaqueue.registry.selectors import model_get
from hemaqueue.web.errors import page
from hemaqueue.web.people import person
from hemaqueue.web.shown.comparing import comparison_shown


@require_GET
@page
def model_against(request: HttpRequest, pk: UUID, other: UUID) -> HttpResponse:
    """What tells a version apart from another, on the newest images both were judged on."""
    version, against = model_get(pk), model_get(other)
    pair = pair_get(version, against, data=request.GET.get("data", ""))
    audit_record("evaluation.compare", by=person(request), about=version, other=str(against.pk))
    shown = comparison_shown(
        comparison_of(*pair),
        pairs=pairs_of(version, against),
        query=request.GET,
        user=person(request),
    )
    return render(request, "models/against.html", {"shown": shown})
