"""Back to the bench, and the bench's answer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.common.errors import PlatformError, Refused
from hemaqueue.pipeline.bench import smear_replaced
from hemaqueue.reviews import returning
from hemaqueue.reviews.models import Return
from hemaqueue.specimens.selectors import image_get
from hemaqueue.web.errors import page
from hemaqueue.web.forms.routing import BenchAnswerForm, ReturnForm
from hemaqueue.web.people import person
from hemaqueue.web.shown.routing import image_line, return_shown
from hemaqueue.web.shown.walking import Walk
from jobcontract.imaging import ImageRefused


@require_http_methods(["GET", "POST"])
@page
def image_return(request: HttpRequest, pk: UUID) -> HttpResponse:
    user, walk = person(request), Walk.of(request)
    found = image_get(user, pk)
    require(user, act=Act.DECIDE, site=found.site_id)
    form = ReturnForm(request.POST or None)
    if form.is_valid():
        try:
            returning.image_return(found, by=user, **form.cleaned_data)
        except (Refused, returning.AlreadyReturned) as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("It is back at the bench, with your note."))
            onward = walk.image_url(pk) if walk.queue else reverse("case", args=[found.case_id])
            return redirect(onward)
    context = {"form": form, "image": image_line(found), "back": walk.image_url(pk)}
    status = 422 if request.method == "POST" else 200
    return render(request, "image/return.html", context, status=status)


@require_http_methods(["GET", "POST"])
@page
def image_returned(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a reader asks of the bench about one image, and the form that answers."""
    user = person(request)
    found = image_get(user, pk)
    require(user, act=Act.UPLOAD, site=found.site_id)
    returned = returning.return_get(user, image=found)
    form = BenchAnswerForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            _answer(returned, form=form, request=request)
        except (PlatformError, ImageRefused) as refusal:
            form.add_error(None, refusal.detail)
        else:
            messages.success(request, _("%s is told.") % returned.by.printed_name)
            return redirect("home")
    context = {"form": form, "image": image_line(found), "returned": return_shown(returned)}
    status = 422 if request.method == "POST" else 200
    return render(request, "image/returned.html", context, status=status)


def _answer(returned: Return, *, form: BenchAnswerForm, request: HttpRequest) -> None:
    user, file = person(request), form.cleaned_data["file"]
    if file is None:
        returning.return_answer(returned, answer=form.cleaned_data["answer"], by=user)
    else:
        smear_replaced(returned, data=file.read(), name=file.name, by=user)
