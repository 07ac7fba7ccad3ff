"""Notices: what you should know, one row for each thing."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.api.answers import NoticeAnswer, NoticePage, SeenAnswer
from hemaqueue.api.base import Endpoint
from hemaqueue.api.pagination import PAGE_PARAMETERS, KeysetPagination
from hemaqueue.api.shown.links import link
from hemaqueue.notices.models import Notice, NoticeKind
from hemaqueue.notices.selectors import notice_list, notices_unseen
from hemaqueue.notices.services import notices_see

ABOUT = {NoticeKind.BATCH_ENDED: "batch", NoticeKind.IMAGE_RETURNED: "image"}


class NoticesView(Endpoint):
    queries = {"GET": PAGE_PARAMETERS}

    @extend_schema(operation_id="notice_list", responses=NoticePage)
    def get(self, request: Request) -> Response:
        """Your notices, the newest first."""
        pages = KeysetPagination("at")
        shown = pages.paginate_queryset(notice_list(self.user), request)
        rows = [_answer(one) for one in shown]
        return Response(NoticePage(pages.next, notices_unseen(self.user), rows).to_json())


class NoticesSeenView(Endpoint):
    @extend_schema(operation_id="notices_see", request=None, responses=SeenAnswer)
    def post(self, request: Request) -> Response:
        """Mark all your notices as seen."""
        return Response(SeenAnswer(notices_see(self.user)).to_json())


def _answer(notice: Notice) -> NoticeAnswer:
    return NoticeAnswer(
        id=notice.pk,
        kind=notice.kind,
        subject=notice.subject,
        url=link(ABOUT[NoticeKind(notice.kind)], notice.subject),
        facts=notice.facts,
        at=notice.at,
        seen_at=notice.seen_at,
    )
