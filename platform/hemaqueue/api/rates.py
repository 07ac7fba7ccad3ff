"""429 with `Retry-After` for who asks too often; see `common/rates.py` and the settings' RATES."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from hemaqueue.accounts.models import User
from hemaqueue.common.rates import rate_wait

FILES = frozenset({"images", "smears", "upload", "predict", "archives"})


class Rate(BaseThrottle):
    """Files have a rate of their own: a batch of two thousand is sent without a pause."""

    seconds = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        name = match.url_name if (match := request.resolver_match) else ""
        is_file = request.method == "POST" and name in FILES
        self.seconds = rate_wait("file" if is_file else "api", who=_who(request))
        return self.seconds == 0

    def wait(self) -> float:
        return float(self.seconds)


def count_single(by: User) -> None:
    """Count a file that belongs to no batch.

    Raises:
        Throttled: `by` sends too many of them; in a batch they may.
    """
    if wait := rate_wait("single", who=by.pk):
        raise Throttled(wait, detail="Too many files without a batch. Open one, and name it.")


def _who(request: Request) -> object:
    return getattr(request.user, "pk", None) or request.META.get("REMOTE_ADDR", "")
