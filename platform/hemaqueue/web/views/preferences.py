"""What a person chooses once: the language, and that they know what the product is for."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, get_language
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from hemaqueue.accounts.intended_use import SENTENCES, VERSION, use_acknowledge
from hemaqueue.accounts.models import User
from hemaqueue.audit.services import audit_record
from hemaqueue.web.people import person


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Keep the language in a cookie, and with the person who is signed in."""
    code = request.POST.get("language", "")
    if isinstance(request.user, User) and check_for_language(code):
        User.objects.filter(pk=request.user.pk).update(language=code)
    return set_language(request)


@require_http_methods(["GET", "POST"])
def use(request: HttpRequest) -> HttpResponse:
    """Show what the product is for; a press of the button is recorded."""
    following = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "POST":
        user = person(request)
        with transaction.atomic():
            use_acknowledge(user)
            audit_record("use.acknowledge", by=user, version=VERSION, language=get_language())
        return redirect(following if _is_ours(request, following) else reverse("home"))
    context = {"sentences": SENTENCES, "version": VERSION, "following": following}
    return render(request, "account/use.html", context)


def _is_ours(request: HttpRequest, address: str) -> bool:
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
