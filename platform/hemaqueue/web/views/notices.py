"""What one person should know: read once, and then no news any more."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hemaqueue.notices.selectors import notice_list
from hemaqueue.notices.services import notices_see
from hemaqueue.web.errors import page
from hemaqueue.web.paging import page_after
from hemaqueue.web.people import person
from hemaqueue.web.shown.notices import notices_shown


@require_GET
@page
def notices(request: HttpRequest) -> HttpResponse:
    """The notices, the newest first; looking at the first page is seeing them."""
    user = person(request)
    listed, pages = page_after(notice_list(user), fields=("at", "id"), query=request.GET)
    context = {"notices": notices_shown(listed, user=user), "pages": pages}
    notices_see(user)
    return render(request, "notices/notices.html", context)
