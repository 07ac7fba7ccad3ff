"""A second opinion: asked for, answered, taken back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.common.errors import Refused
from hemaqueue.reviews import referring
from hemaqueue.specimens.models import Case
from hemaqueue.specimens.selectors import case_get, case_images
from hemaqueue.web.errors import page
from hemaqueue.web.forms.routing import ReferForm, ReferralAnswerForm
from hemaqueue.web.people import person
from hemaqueue.web.shown.routing import case_line, referrals_shown
from hemaqueue.web.shown.walking import Walk


@require_http_methods(["GET", "POST"])
@page
def case_refer(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    found = case_get(user, pk)
    require(user, act=Act.DECIDE, site=found.site_id)
    form = ReferForm(
        request.POST or None, colleagues=referring.readers_of_site(found, besides=user)
    )
    if form.is_valid():
        try:
            reader = referring.reader_named(form.username, besides=user)
            referring.referral_open(found, to=reader, note=form.cleaned_data["note"], by=user)
        except (Refused, referring.AlreadyReferred) as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("%s is asked for an opinion.") % reader.printed_name)
            walk = Walk.of(request)
            return redirect(walk.leave_url if walk.queue else reverse("case", args=[pk]))
    context = {
        "form": form,
        "case": case_line(found),
        "back": _back(request, found),
        "referrals": referrals_shown(found, user=user),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "case/refer.html", context, status=status)


def _back(request: HttpRequest, case: Case) -> str:
    """Return the image that the reader came from, with their queue; else the case."""
    try:
        asked = UUID(request.GET.get("image", ""))
    except ValueError:
        return reverse("case", args=[case.pk])
    here = case_images(case).filter(pk=asked).exists()
    return Walk.of(request).image_url(asked) if here else reverse("case", args=[case.pk])


@require_POST
@page
def referral_answer(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    found = referring.referral_get(user, pk)
    form = ReferralAnswerForm(request.POST)
    answer = form.cleaned_data["answer"] if form.is_valid() else ""
    referring.referral_answer(found, answer=answer, by=user)
    messages.success(request, _("Your opinion is given back."))
    return redirect("case", pk=found.review.case_id)


@require_POST
@page
def referral_end(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    found = referring.referral_get(user, pk)
    referring.referral_take_back(found, by=user)
    messages.success(request, _("The second opinion is not awaited any more."))
    return redirect("case", pk=found.review.case_id)
