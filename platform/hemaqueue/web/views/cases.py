"""A case: its images together, its decisions, its report; and sharing it by name."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import colleagues, require
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Missing
from hemaqueue.reviews.lines import lines_shown
from hemaqueue.reviews.models import Decision
from hemaqueue.reviews.reading import hidden_from
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.selectors import case_attached, case_get, case_guests, case_images
from hemaqueue.specimens.services import case_share as share
from hemaqueue.specimens.services import case_unshare as unshare
from hemaqueue.web.errors import page
from hemaqueue.web.forms.sharing import ShareForm
from hemaqueue.web.people import person
from hemaqueue.web.shown.cases import case_shown
from hemaqueue.web.shown.decisions import DecisionShown, decision_shown
from hemaqueue.web.shown.queue import queue_shown
from hemaqueue.web.shown.reports import report_shown
from hemaqueue.web.shown.routing import referrals_shown
from hemaqueue.web.shown.rows import image_rows
from hemaqueue.web.shown.signing import signing_shown

ROWS_AT_MOST = 200


@require_GET
@page
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    found = case_get(user, pk)
    audit_record("case.view", by=user, about=found)
    related = case_images(found).select_related("case", "site", "slide__specimen")
    images = list(related[:ROWS_AT_MOST])
    said = lines_shown([image.pk for image in images], reader=user)
    paused = queue_shown().paused
    rows = image_rows(images, user=user, paused=paused, by_file=True, back=request.path, said=said)
    context = {
        "case": case_shown(found, images=images, said=said, user=user),
        "rows": rows,
        "attached": image_rows(case_attached(found, user=user), user=user),
        "decisions": _decisions(images, user=user),
        "referrals": referrals_shown(found, user=user),
        "report": report_shown(found, user=user),
        "signing": signing_shown(found, user=user),
    }
    return render(request, "case/case.html", context)


def _decisions(images: list[SmearImage], *, user: User) -> list[DecisionShown]:
    number = {image.pk: at for at, image in enumerate(images, start=1)}
    known = set(number) - hidden_from(user, images=number)
    found = Decision.objects.filter(image__in=known).select_related("reader").order_by("-at")
    return [
        decision_shown(one, image=_("image %(n)d") % {"n": number[one.image_id]}) for one in found
    ]


@require_http_methods(["GET", "POST"])
@page
def case_share(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    found = case_get(user, pk)
    require(user, act=Act.SHARE, site=found.site_id)
    form = ShareForm(request.POST or None, colleagues=colleagues(user))
    if form.is_valid():
        colleague = form.cleaned_data["colleague"]
        share(found, colleague=colleague, by=user)
        messages.success(request, _("%s can now see this case.") % colleague.printed_name)
        return redirect("case", pk=pk)
    shared = [
        {"id": guest.pk, "name": guest.printed_name, "end_url": reverse("case_unshare", args=[pk])}
        for guest in case_guests(found)
    ]
    shown = {"accession": found.accession, "url": reverse("case", args=[pk])}
    context = {"form": form, "case": shown, "shared": shared}
    status = 422 if request.method == "POST" else 200
    return render(request, "case/share.html", context, status=status)


@require_POST
@page
def case_unshare(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    found = case_get(user, pk)
    guest = next(
        (g for g in case_guests(found) if str(g.pk) == request.POST.get("colleague")), None
    )
    if guest is None:
        raise Missing
    unshare(found, colleague=guest, by=user)
    messages.success(request, _("%s does not see this case any more.") % guest.printed_name)
    return redirect("case_share", pk=pk)
