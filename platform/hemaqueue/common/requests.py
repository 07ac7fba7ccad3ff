"""Who asks, from where, under which id: what an audit event needs to know of a request."""

from __future__ import annotations

import uuid
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class RequestFacts:
    """`known` is what was read once and holds until the request is answered; None outside one."""

    id: str = ""
    address: str | None = None
    known: dict[Any, Any] | None = None


NO_REQUEST = RequestFacts()
_current: ContextVar[RequestFacts] = ContextVar("request_facts", default=NO_REQUEST)


def set_request(*, address: str | None) -> RequestFacts:
    facts = RequestFacts(id=uuid.uuid4().hex, address=address, known={})
    _current.set(facts)
    return facts


def forget_request() -> None:
    """The request is answered: its id stays for the log, what was known of the database not."""
    _current.set(replace(_current.get(), known=None))


def current_request() -> RequestFacts:
    return _current.get()


def current_request_id() -> str:
    return _current.get().id
