"""What the frame of every page shows: places, person, queue, serving models. Read when drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hemaqueue.accounts.models import Membership, User
from hemaqueue.accounts.roles import Act, Role, roles_allowing
from hemaqueue.accounts.selectors import memberships_of, runs_installation
from hemaqueue.notices.selectors import notices_unseen
from hemaqueue.registry.selectors import models_serving
from hemaqueue.registry.switching import suspensions_for
from hemaqueue.web.shown.queue import QueueShown, queue_shown

if TYPE_CHECKING:
    from hemaqueue.web.shown.switching import Banner


@dataclass(frozen=True)
class Place:
    """One link of the frame; `icon` is used in the account menu only."""

    url: str
    word: str
    current: bool
    icon: str = ""


@dataclass(frozen=True)
class ModelLine:
    name: str
    kind: str
    demonstration: bool


class PageFacts:
    """Computed on first use, so that a partial answer pays for none of it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._user: User | None = None
        user = getattr(request, "user", None)
        if isinstance(user, User) and user.is_authenticated:
            self._user = user

    @cached_property
    def theme(self) -> str:
        asked = self._request.COOKIES.get("theme", "")
        return asked if asked in ("light", "dark") else ""

    @cached_property
    def time_zone(self) -> str:
        return timezone.get_current_timezone_name()

    @cached_property
    def person(self) -> str:
        return self._user.printed_name if self._user else ""

    @cached_property
    def memberships(self) -> list[Membership]:
        return memberships_of(self._user) if self._user else []

    @cached_property
    def sites(self) -> str:
        names = [membership.site.name for membership in self.memberships]
        if len(names) > 2:
            return _("%(n)d sites") % {"n": len(names)}
        return " · ".join(names)

    @cached_property
    def roles(self) -> str:
        return ", ".join(
            _("%(role)s at %(site)s") % {"role": str(Role(m.role).label), "site": m.site.name}
            for m in self.memberships
        )

    @cached_property
    def queue(self) -> QueueShown:
        return queue_shown()

    @cached_property
    def unseen(self) -> int:
        return notices_unseen(self._user) if self._user else 0

    @cached_property
    def serving(self) -> list[ModelLine]:
        return [
            ModelLine(name=m.name, kind=kind_word(m.image_kind), demonstration=m.is_demonstration)
            for m in models_serving()
        ]

    @cached_property
    def suspended(self) -> list[Banner]:
        """What every page says while AI does not work for somebody's sites."""
        from hemaqueue.web.shown.switching import banners  # it names kinds of image from here

        return banners(suspensions_for(one.site_id for one in self.memberships))

    @cached_property
    def places(self) -> list[Place]:
        places = [self._place("home", pgettext("page", "Start"))]
        if self._may(Act.DECIDE):
            places.append(self._place("worklist", _("Worklist")))
        places.append(self._place("history", _("History")))
        if self._may(Act.UPLOAD):
            places.append(self._place("upload", _("Upload")))
        places += [self._place("models", _("Models")), self._place("status", _("Status"))]
        return places

    @cached_property
    def account_places(self) -> list[Place]:
        places = [
            self._place("tokens", _("API tokens"), icon="key"),
            self._place("account_change_password", _("Change password"), icon="shield-check"),
        ]
        places.append(self._place("exports", _("Exports"), icon="download"))
        if self._may(Act.SEARCH_AUDIT):
            places.append(self._place("audit", _("Audit trail"), icon="journal-check"))
        if self._may(Act.KNOW_RULES):
            places.append(self._place("ai", _("Suspend AI"), icon="pause-circle"))
            places.append(self._place("policies", _("How the site reads"), icon="eye"))
        if self._user is not None and runs_installation(self._user):
            places.append(self._place("training", _("Training"), icon="layers"))
            places.append(self._place("gates", _("Gates"), icon="flag"))
        return places

    def _may(self, act: Act) -> bool:
        allowed = roles_allowing(act)
        return any(membership.role in allowed for membership in self.memberships)

    def _place(self, name: str, word: str, *, icon: str = "") -> Place:
        url = reverse(name)
        return Place(url=url, word=word, current=self._request.path == url, icon=icon)


def kind_word(kind: str) -> str:
    """Return what a model's kind of image is called in a sentence."""
    words = {
        "field": _("smear fields"),
        "cell": _("single cells"),
        "synthetic": _("synthetic images"),
    }
    return words.get(kind, kind)


def page_facts(request: HttpRequest) -> dict[str, Any]:
    """Give every template `page`."""
    return {"page": PageFacts(request)}
