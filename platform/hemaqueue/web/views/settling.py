"""Readers who disagree: what each of them said, and the word that settles it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.common.errors import Refused
from hemaqueue.reviews.adjudicating import decision_adjudicate, reads_of
from hemaqueue.reviews.claims import Claimed
from hemaqueue.reviews.reading import disputed
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.reviews.services import NotDisputed, StalePage
from hemaqueue.specimens.selectors import image_get
from hemaqueue.web.errors import page
from hemaqueue.web.forms.decision import DecisionForm
from hemaqueue.web.people import person
from hemaqueue.web.shown.decisions import decision_shown
from hemaqueue.web.shown.routing import image_line


@require_http_methods(["GET", "POST"])
@page
def image_settle(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = person(request)
    found = image_get(user, pk)
    require(user, act=Act.DECIDE, site=found.site_id)
    if not disputed([found.pk]):
        raise NotDisputed
    form = DecisionForm(request.POST or None, initial={"seen": review_stamp(found)})
    form.fields["reason"].label = _("Why you settle it so")
    if form.is_valid():
        try:
            decision_adjudicate(found, verdict=form.verdict(seconds=None), by=user)
        except (Refused, StalePage, Claimed) as refusal:
            form.add_error(None, refusal.detail)
        else:
            messages.success(request, _("It is settled. What was said before stays on record."))
            return redirect("case", pk=found.case_id)
    context = {
        "form": form,
        "image": image_line(found),
        "reads": [decision_shown(one) for one in reads_of([found])],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "image/settle.html", context, status=status)
