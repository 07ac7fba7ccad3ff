"""A page's filters that somebody kept, beside the one that is shown now."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from hemaqueue.accounts.saved_views import query_kept, view_list
from hemaqueue.common.errors import Refused
from hemaqueue.web.people import person


@dataclass(frozen=True)
class ViewShown:
    id: UUID
    url: str
    name: str
    current: bool
    change_url: str


@dataclass(frozen=True)
class SavedViews:
    """What `components/saved_views.html` draws. `query` is what would be kept, perhaps nothing."""

    page: str
    query: str
    kept: list[ViewShown]
    save_url: str

    @property
    def is_new(self) -> bool:
        return bool(self.query) and not any(view.current for view in self.kept)


def saved_views_shown(request: HttpRequest, *, page: str) -> SavedViews:
    """Return the views of `page` (the name of its route) for the person who asks."""
    try:
        query = query_kept(request.META.get("QUERY_STRING", ""))
    except Refused:
        query = ""
    here = reverse(page)
    return SavedViews(
        page=page,
        query=query,
        kept=[
            ViewShown(
                id=view.pk,
                url=f"{here}?{view.query}",
                name=view.name,
                current=view.query == query,
                change_url=reverse("saved_view", args=[view.pk]),
            )
            for view in view_list(person(request), page=page)
        ],
        save_url=reverse("saved_views"),
    )
