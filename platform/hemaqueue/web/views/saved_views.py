"""Keeping, renaming and deleting one's own filters."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hemaqueue.accounts import saved_views as services
from hemaqueue.accounts.models import SavedView
from hemaqueue.web.errors import page
from hemaqueue.web.people import person


@require_POST
@page
def saved_views(request: HttpRequest) -> HttpResponse:
    """Keep a filter of one of the pages that have any."""
    view = services.view_save(
        person(request),
        page=request.POST.get("page", ""),
        name=request.POST.get("name", ""),
        query=request.POST.get("query", ""),
    )
    messages.success(request, _("Kept as “%s”.") % view.name)
    return _back(view)


@require_POST
@page
def saved_view(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete one's own view, or give it another name."""
    user = person(request)
    if request.POST.get("act") == "delete":
        view = services.view_delete(user, pk=pk)
        messages.success(request, _("The view “%s” is deleted.") % view.name)
        return redirect(view.page)
    view = services.view_rename(user, pk=pk, name=request.POST.get("name", ""))
    messages.success(request, _("The view is called “%s” now.") % view.name)
    return _back(view)


def _back(view: SavedView) -> HttpResponse:
    return redirect(f"{reverse(view.page)}?{view.query}")
