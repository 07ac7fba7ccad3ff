"""What a clinician reads next: the lanes, the filters, and the rows in their order."""

from __future__ import annotations

from datetime import datetime

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET

from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import sites_allowing
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import NotAllowed
from hemaqueue.reviews.queue import Queue, UnknownFilter, queue_reviews, reviews_readable
from hemaqueue.web.errors import page
from hemaqueue.web.forms.worklist import WorklistForm
from hemaqueue.web.paging import page_after
from hemaqueue.web.people import person
from hemaqueue.web.shown.lanes import address, empty_line, lane_tiles, news_line
from hemaqueue.web.shown.saved_views import saved_views_shown
from hemaqueue.web.shown.undoing import undo_shown
from hemaqueue.web.shown.walking import Walk
from hemaqueue.web.shown.worklist import worklist_rows

SALT = "hemaqueue.web.worklist.opened"
#: The addresses of before there were lanes.
FORMER = {"sign": Queue(lane="sign"), "urgent": Queue(lane="all", reason="urgent")}


@require_GET
@page
def worklist(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if not sites_allowing(user, act=Act.DECIDE):
        raise NotAllowed
    queue, refusal = _queue(request)
    among = reviews_readable(user)
    found = queue_reviews(queue, user=user, among=among if not refusal else among.none())
    related = found.select_related("case", "site", "claimed_by")
    shown, pages = page_after(related, fields=queue.fields, query=request.GET)
    audit_record("worklist.view", by=user, cases=[str(one.case_id) for one in shown])
    tiles = lane_tiles(user, among=among, lane=queue.lane)
    context = {
        "form": WorklistForm(user=user, queue=queue),
        "rows": worklist_rows(shown, user=user, queue=queue),
        "pages": pages,
        "tiles": tiles,
        "refusal": refusal,
        "empty_line": empty_line(queue, tiles),
        "filtered": bool(refusal or queue.said.keys() - {"lane", "order"}),
        "lane_url": address(Queue(lane=queue.lane)),
        "here": address(queue),
        "token": queue.token,
        "opened": signing.dumps(timezone.now().isoformat(), salt=SALT),
        "saved": saved_views_shown(request, page="worklist"),
        "undo": undo_shown(user, walk=Walk(queue, queue.token)),
    }
    return render(request, "worklist/worklist.html", context)


def _queue(request: HttpRequest) -> tuple[Queue, str]:
    """Return the queue of the query string, and why it cannot be read."""
    former = FORMER.get(request.GET.get("only", ""))
    try:
        return former or Queue.read(request.GET), ""
    except UnknownFilter as refusal:
        return Queue(), refusal.sentence


@require_GET
@page
def worklist_counts(request: HttpRequest) -> HttpResponse:
    """The tiles anew, and how much is new in this queue. Rows never move under the cursor."""
    user = person(request)
    if not sites_allowing(user, act=Act.DECIDE):
        raise NotAllowed
    queue = Queue.opened(request.GET.get("queue", "")) or Queue()
    among = reviews_readable(user)
    opened = _opened(request.GET.get("opened", ""))
    context = {
        "tiles": lane_tiles(user, among=among, lane=queue.lane),
        "news": news_line(user, among=among, queue=queue, opened=opened),
        "here": address(queue),
        "token": queue.token,
        "opened": request.GET.get("opened", ""),
    }
    return render(request, "worklist/_tiles.html", context)


def _opened(mark: str) -> datetime | None:
    """Return when the page was made that asks, None where it does not say."""
    try:
        return parse_datetime(signing.loads(mark, salt=SALT))
    except signing.BadSignature:
        return None
