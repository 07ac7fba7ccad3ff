"""Tokens; the token itself is in one answer only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hemaqueue.api.answers.base import Answer


@dataclass(frozen=True)
class TokenRow(Answer):
    """A token as lists show it: never the token itself."""

    id: str
    created_at: datetime
    expires_at: datetime | None
    scopes: list[str]
    site: str | None
    last_used_at: datetime | None


@dataclass(frozen=True)
class TokenAnswer(TokenRow):
    """A new token. `token` is shown this once."""

    token: str


@dataclass(frozen=True)
class TokenList(Answer):
    results: list[TokenRow]
