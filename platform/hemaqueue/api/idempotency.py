"""`Idempotency-Key`: the same request twice is the same request. Kept for 24 hours."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db.models import CharField, UUIDField
from django.db.models.functions import Now
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from hemaqueue.accounts.models import User
from hemaqueue.api.models import RepeatableRequest
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.common.prepared import Given, Prepared

HEADER = "Idempotency-Key"
PARAMETER = OpenApiParameter(HEADER, str, OpenApiParameter.HEADER)
LONGEST_KEY = 100
KEPT = timedelta(hours=24)


class IdempotencyConflict(Conflict):
    """This Idempotency-Key was used for another request. Choose a new one."""

    code = "idempotency_conflict"


class KeyTooLong(Refused):
    """An Idempotency-Key has at most 100 visible characters."""

    code = "bad_idempotency_key"
    status = 400


_fresh: Prepared[RepeatableRequest] = Prepared(
    lambda: RepeatableRequest.objects.filter(
        user=Given("user", UUIDField()), key=Given("key", CharField()), at__gt=Now() - KEPT
    )
)


def once(request: Request, *, by: User, do: Callable[[], Response]) -> Response:
    """Answer as the first time, if this key came before; else do it, and remember the answer.

    Only what was accepted is remembered: a refusal left nothing, and may be sent again. Two that
    come at the same moment are both done, and meet at the image's own uniqueness.

    Raises:
        IdempotencyConflict: the key came before with another body.
    """
    key = request.headers.get(HEADER, "")
    if not key:
        return do()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise KeyTooLong
    digest = fingerprint(request)
    for known in _fresh(user=by.pk, key=key):
        if known.digest != digest:
            raise IdempotencyConflict
        return Response(known.answer, status=known.status)
    response = do()
    _remember(by, key=key, digest=digest, response=response)
    return response


def _remember(user: User, *, key: str, digest: str, response: Response) -> None:
    """Keep an answer, in the place of one that is too old."""
    answered = RepeatableRequest(
        user=user,
        key=key,
        digest=digest,
        status=response.status_code,
        answer=_plain(response),
        at=Now(),
    )
    RepeatableRequest.objects.bulk_create(
        [answered],
        update_conflicts=True,
        unique_fields=["user", "key"],
        update_fields=["digest", "status", "answer", "at"],
    )


def requests_forget() -> int:
    """Forget the requests whose time is over; return how many."""
    return RepeatableRequest.objects.filter(at__lte=Now() - KEPT).delete()[0]


def fingerprint(request: Request) -> str:
    """Return the SHA-256 of the address, the fields and the files of a request."""
    digest = hashlib.sha256(f"{request.method} {request.path}".encode())
    if not isinstance(request.data, Mapping):
        digest.update(_content(request.data))
        return digest.hexdigest()
    for name in sorted(request.data):
        values = request.data.getlist(name) if hasattr(request.data, "getlist") else [
            request.data[name]
        ]  # fmt: skip
        for value in values:
            digest.update(repr((name, len(values))).encode())
            digest.update(_content(value))
    return digest.hexdigest()


def _content(value: object) -> bytes:
    if isinstance(value, UploadedFile):
        content = hashlib.sha256(value.read()).digest()
        value.seek(0)
        return content
    return hashlib.sha256(repr(value).encode("utf-8", "backslashreplace")).digest()


def _plain(response: Response) -> dict[str, object]:
    """Return the answer as its reader saw it: ids and moments as text."""
    return dict(json.loads(json.dumps(response.data or {}, cls=JSONEncoder)))
