"""One's own API tokens: made, shown once, revoked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hemaqueue.audit import tokens as services
from hemaqueue.web.errors import page
from hemaqueue.web.forms.tokens import TokenForm
from hemaqueue.web.people import person
from hemaqueue.web.shown.tokens import token_shown


@require_http_methods(["GET", "POST"])
@page
def tokens(request: HttpRequest) -> HttpResponse:
    """The new token is in this one answer and nowhere else: a reload does not bring it back."""
    user = person(request)
    form = TokenForm(request.POST or None, user=user)
    fresh = ""
    if form.is_valid():
        _record, fresh = services.token_make(by=user, **form.wanted())
        form = TokenForm(user=user)
    shown = [token_shown(token) for token in services.token_list(user)]
    return render(request, "tokens/tokens.html", {"form": form, "fresh": fresh, "tokens": shown})


@require_POST
@page
def token_revoke(request: HttpRequest, key: str) -> HttpResponse:
    services.token_revoke(key, by=person(request))
    messages.success(request, _("The token is revoked. What used it is refused from now on."))
    return redirect("tokens")
