"""What pages ask of everybody who is signed in. Scripts with a token are asked nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation

from hemaqueue.accounts.intended_use import use_is_acknowledged
from hemaqueue.accounts.models import User

Handler = Callable[[HttpRequest], HttpResponse]
FOR_SCRIPTS = frozenset({"api", "short"})
SCRIPTS_LANGUAGE = "en"
OPEN = frozenset({"language", "use"})


def is_for_scripts(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and not FOR_SCRIPTS.isdisjoint(match.namespaces)


class PersonLanguageMiddleware:
    """Speaks the language that a person chose, on whichever machine; to scripts always English."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        if is_for_scripts(request):
            translation.activate(SCRIPTS_LANGUAGE)
        elif isinstance(request.user, User) and request.user.language:
            translation.activate(request.user.language)
        request.LANGUAGE_CODE = translation.get_language()


class IntendedUseMiddleware:
    """Shows what the product is for before anything else, once for each version of the text."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        if not isinstance(request.user, User) or use_is_acknowledged(request.user):
            return None
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        if is_for_scripts(request) or name in OPEN or name.startswith("account_"):
            return None
        back = {"next": request.get_full_path()} if request.method == "GET" else {}
        address = f"{reverse('use')}?{urlencode(back)}" if back else reverse("use")
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": reverse("use")})
        return HttpResponseRedirect(address)
