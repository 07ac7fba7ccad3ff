"""Who asks, from where, under which id: what an audit event needs to know of a request."""

from __future__ import annotations

import uuid
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestFacts:
    id: str = ""
    address: str | None = None


NO_REQUEST = RequestFacts()
_current: ContextVar[RequestFacts] = ContextVar("request_facts", default=NO_REQUEST)


def set_request(*, address: str | None) -> RequestFacts:
    facts = RequestFacts(id=uuid.uuid4().hex, address=address)
    _current.set(facts)
    return facts


def current_request() -> RequestFacts:
    return _current.get()


def current_request_id() -> str:
    return _current.get().id
