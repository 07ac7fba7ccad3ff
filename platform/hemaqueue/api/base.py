"""What all endpoints share: who asks, how large a body may be, JSON whatever `Accept` says."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from hemaqueue.accounts.models import User
from hemaqueue.api.permissions import IsMember
from hemaqueue.api.queries import KnownQueries
from hemaqueue.api.rates import Rate
from hemaqueue.common.errors import NotAllowed


class FirstRenderer(BaseContentNegotiation):
    """Answers do not depend on `Accept`: data is JSON, a file has its own type."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class Endpoint(KnownQueries):
    """A noun of the interface. Every one is for members unless it says otherwise."""

    permission_classes: list[type[BasePermission]] = [IsMember]
    content_negotiation_class = FirstRenderer
    metadata_class = None  # OPTIONS is not one of the methods
    throttle_classes = [Rate]
    largest_body = settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if content_length(request) > self.largest_body:
            raise RequestDataTooBig

    @property
    def user(self) -> User:
        """The person who asks; `IsMember` let nobody else in."""
        if not isinstance(self.request.user, User):
            raise NotAllowed
        return self.request.user


def content_length(request: Request) -> int:
    """Return the declared length of the body, 0 where none is declared."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
