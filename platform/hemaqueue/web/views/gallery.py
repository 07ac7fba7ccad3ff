"""The gallery: re-class a card, confirm many of the clear lane with the own password."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from hemaqueue.accounts.identity import TooManyAttempts, WrongPassword
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import sites_allowing
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Missing, NotAllowed, PlatformError, Refused
from hemaqueue.pipeline.reading import images_confirmed
from hemaqueue.reviews.bulk import Confirmed, TooMany
from hemaqueue.reviews.models import Choice
from hemaqueue.reviews.reading import require_reading
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.reviews.services import Verdict, decision_record
from hemaqueue.specimens.models import SmearImage
from hemaqueue.specimens.selectors import image_get
from hemaqueue.web.errors import page
from hemaqueue.web.forms.gallery import CardForm, ConfirmForm
from hemaqueue.web.people import person
from hemaqueue.web.shown.flags import checks_of
from hemaqueue.web.shown.gallery import cards_of, gallery_shown, wanted_of


@require_GET
@page
def gallery(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if not sites_allowing(user, act=Act.DECIDE):
        raise NotAllowed
    return _page(request, form=ConfirmForm())


def _page(request: HttpRequest, *, form: ConfirmForm, status: int = 200) -> HttpResponse:
    user, query = person(request), request.GET.dict()
    start = query.get("from", "0")
    if not start.isdecimal() or len(start) > 6:
        raise Missing
    shown = gallery_shown(wanted_of(query), user=user, start=int(start))
    ids = [str(card.id) for group in shown.groups for card in group.cards]
    audit_record("gallery.view", by=user, images=ids)
    context = {"gallery": shown, "form": form, "card_form": CardForm()}
    return render(request, "worklist/gallery.html", context, status=status)


@sensitive_post_parameters("password")
@require_POST
@page
def gallery_confirm(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if not sites_allowing(user, act=Act.DECIDE):
        raise NotAllowed
    form = ConfirmForm(request.POST)
    if form.is_valid():
        try:
            done = images_confirmed(request=request, by=user, **form.cleaned_data)
        except (WrongPassword, TooManyAttempts, TooMany) as refusal:
            form.add_error(None, refusal.detail)
            return _page(request, form=form, status=refusal.status)
        _tell(request, done)
        return redirect(f"{reverse('gallery')}?lane=clear")
    return _page(request, form=form, status=422)


def _tell(request: HttpRequest, done: Confirmed) -> None:
    n = len(done.images)
    messages.success(request, ngettext("%d image confirmed.", "%d images confirmed.", n) % n)
    if not done.refused:
        return
    reasons = {code for one in done.refused for code in one.reasons}
    now = ", ".join(str(check.word) for check in checks_of(sorted(reasons)))
    words = {"n": len(done.refused), "now": now or _("read or held by somebody else")}
    messages.warning(request, _("%(n)d not confirmed, to be opened one by one: %(now)s.") % words)


@require_POST
@page
def gallery_card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put one image under another class, with the reason chosen for the screen."""
    user = person(request)
    found = image_get(user, pk)
    require_reading(user, case=found.case)
    form = CardForm(request.POST)
    refusal = ""
    if form.is_valid():
        try:
            verdict = Verdict(choice=Choice.LABEL, stamp=review_stamp(found), **form.cleaned_data)
            decision_record(found, verdict=verdict, by=user)
        except PlatformError as said:
            refusal = said.sentence
            status = said.status if isinstance(said, Refused) else 409
    else:
        refusal, status = _("Choose a class."), 422
    if not request.headers.get("HX-Request"):
        if refusal:
            messages.error(request, refusal)
        return redirect(f"{reverse('gallery')}?{_query(request, found)}")
    found = image_get(user, pk)
    context = {"card": cards_of([found], user=user)[0], "refusal": refusal}
    return render(request, "worklist/_card.html", context, status=status if refusal else 200)


def _query(request: HttpRequest, found: SmearImage) -> str:
    """Return the gallery that a card was in, as its form says; else that of its case."""
    given = request.GET.dict()
    try:
        return wanted_of(given).query if given else f"case={found.case_id}"
    except Missing:
        return f"case={found.case_id}"
