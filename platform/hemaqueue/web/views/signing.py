"""Signing a case, and opening a signed one again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hemaqueue.accounts.identity import TooManyAttempts, WrongPassword
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.common.errors import PlatformError
from hemaqueue.pipeline.steps import case_signed
from hemaqueue.reviews.amending import review_amend
from hemaqueue.reviews.claims import Claimed
from hemaqueue.reviews.record import case_stamp
from hemaqueue.reviews.selectors import review_revision
from hemaqueue.reviews.services import StalePage
from hemaqueue.reviews.signing import STATEMENT, NotReady
from hemaqueue.specimens.models import Case
from hemaqueue.specimens.selectors import case_get
from hemaqueue.web.errors import page
from hemaqueue.web.forms.signing import AmendForm, SignForm
from hemaqueue.web.people import person
from hemaqueue.web.shown.claims import claim_of_other
from hemaqueue.web.shown.signing import image_lines, signing_shown


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@page
def case_sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    found = case_get(user, pk)
    require(user, act=Act.SIGN, site=found.site_id)
    if request.method == "GET":
        return _sign_page(request, found, form=SignForm(initial={"stamp": _stamp(found)}))
    form = SignForm(request.POST)
    if not form.is_valid():
        return _sign_page(request, found, form=form, status=422)
    try:
        signed = case_signed(found, by=user, request=request, **form.cleaned_data)
    except (WrongPassword, TooManyAttempts) as refusal:
        form.add_error("password", refusal.sentence)
        return _sign_page(request, found, form=form, status=refusal.status)
    except (NotReady, StalePage, Claimed) as refusal:
        fresh = SignForm(initial={"stamp": _stamp(found)})
        return _sign_page(request, found, form=fresh, status=refusal.status, conflict=refusal)
    messages.success(
        request, _("Signed by %s. The final report is being made.") % signed.printed_name
    )
    return redirect("case", pk=pk)


def _stamp(case: Case) -> str:
    return case_stamp(case, revision=review_revision(case))


def _sign_page(
    request: HttpRequest,
    case: Case,
    *,
    form: Form,
    status: int = 200,
    conflict: PlatformError | None = None,
) -> HttpResponse:
    user = person(request)
    context = {
        "case": {"accession": case.accession, "url": reverse("case", args=[case.pk])},
        "form": form,
        "signing": signing_shown(case, user=user),
        "images": image_lines(case),
        "statement": STATEMENT,
        "printed_name": user.printed_name,
        "conflict": conflict.sentence if conflict else "",
        "claim": claim_of_other(case, user=user),
    }
    return render(request, "case/sign.html", context, status=status)


@require_http_methods(["GET", "POST"])
@page
def case_amend(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    found = case_get(user, pk)
    require(user, act=Act.SIGN, site=found.site_id)
    form = AmendForm(request.POST or None)
    if form.is_valid():
        opened = review_amend(found, by=user, reason=form.cleaned_data["reason"])
        messages.success(
            request,
            _("Revision %d is open. What was signed stays as it is.") % opened.revision,
        )
        return redirect("case", pk=pk)
    shown = {"accession": found.accession, "url": reverse("case", args=[pk])}
    context = {"form": form, "case": shown, "signing": signing_shown(found, user=user)}
    status = 422 if request.method == "POST" else 200
    return render(request, "case/amend.html", context, status=status)
