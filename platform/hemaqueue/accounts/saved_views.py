"""Filters that a person keeps under a name. A view is a page's name and its query string."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.http import QueryDict

from hemaqueue.accounts.models import SavedView
from hemaqueue.common.errors import Conflict, Missing, Refused

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from hemaqueue.accounts.models import User

PAGES = frozenset({"history", "worklist"})
AT_MOST = 30  # of one page
NAME_AT_MOST, QUERY_AT_MOST = 60, 1000  # characters, as the columns say
PLACES = frozenset({"after", "back"})  # where one stands in the pages is no part of a view


class TooManyViews(Conflict):
    """You keep thirty views of this page. Delete one that you no longer use."""

    code = "too_many_views"


class NameTaken(Conflict):
    """Another of your views has this name. Choose a different one."""

    code = "name_taken"


class NameMissing(Refused):
    """Give the view a name of at most sixty characters."""

    code = "name_required"


def view_list(user: User, *, page: str = "") -> QuerySet[SavedView]:
    """Return one's own views of a page, by name; without one, those of every page."""
    mine = SavedView.objects.filter(user=user, **({"page": page} if page else {}))
    return mine.order_by("page", "name")


@transaction.atomic
def view_save(user: User, *, page: str, name: str, query: str) -> SavedView:
    """Keep a page's query string under a name; a known name gets the new filter.

    Raises:
        Missing: the page has no filters.
        NameMissing: the name is empty or too long.
        TooManyViews: there are thirty of this page already.
    """
    if page not in PAGES:
        raise Missing
    name = _name(name)
    known = view_list(user, page=page)
    if known.count() >= AT_MOST and not known.filter(name=name).exists():
        raise TooManyViews
    view, _made = SavedView.objects.update_or_create(
        user=user, page=page, name=name, defaults={"query": query_kept(query)}
    )
    return view


def view_rename(user: User, *, pk: UUID, name: str) -> SavedView:
    """Raises:
    Missing: it is not a view of `user`.
    NameMissing, NameTaken: the name does not do.
    """
    view = view_get(user, pk)
    view.name = _name(name)
    try:
        with transaction.atomic():
            view.save(update_fields=["name"])
    except IntegrityError as error:
        raise NameTaken from error
    return view


def view_delete(user: User, *, pk: UUID) -> SavedView:
    """Delete a view and return what it was.

    Raises:
        Missing: it is not a view of `user`.
    """
    view = view_get(user, pk)
    SavedView.objects.filter(pk=view.pk).delete()
    return view


def view_get(user: User, pk: UUID) -> SavedView:
    view = SavedView.objects.filter(user=user, pk=pk).first()
    if view is None:
        raise Missing
    return view


def query_kept(query: str) -> str:
    """Return a query string in one order, without what is empty and without the page's place."""
    asked = QueryDict(query)
    pairs = sorted(
        (key, value) for key in asked if key not in PLACES for value in asked.getlist(key) if value
    )
    kept = QueryDict(mutable=True)
    for key, value in pairs:
        kept.appendlist(key, value)
    text = kept.urlencode()
    if len(text) > QUERY_AT_MOST:
        raise Refused("This filter is too long to be kept.", code="filter_too_long")
    return text


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > NAME_AT_MOST:
        raise NameMissing
    return name
