"""Tokens for scripts: shown once, hashed, expiring, revocable, and no wider than they have to be.

Only people make, list and revoke them: `api/scopes.py` has no scope for that.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.accounts.scopes import USUAL
from hemaqueue.api.answers import TokenAnswer, TokenList, TokenRow
from hemaqueue.api.base import Endpoint
from hemaqueue.api.bodies import TokenBody, site_named
from hemaqueue.audit.tokens import token_list, token_make, token_revoke


class TokensView(Endpoint):
    @extend_schema(operation_id="token_list", responses=TokenList)
    def get(self, request: Request) -> Response:
        """Your tokens, without the tokens."""
        rows = [token_row(token) for token in token_list(self.user)]
        return Response(TokenList(rows).to_json())

    @extend_schema(operation_id="token_create", request=TokenBody, responses={201: TokenAnswer})
    def post(self, request: Request) -> Response:
        """Make a token. It is shown this once."""
        asked = TokenBody.read(request.data)
        site = site_named(self.user, name=asked["site"]) if "site" in asked else None
        record, secret = token_make(
            days=asked["days"], scopes=asked.get("scopes", USUAL), site=site, by=self.user
        )
        answer = TokenAnswer(**asdict(token_row(record)), token=secret)
        return Response(answer.to_json(), status=201)


class TokenView(Endpoint):
    @extend_schema(operation_id="token_revoke", responses={204: None})
    def delete(self, request: Request, key: str) -> Response:
        """Revoke one of your tokens. It ends with the next request."""
        token_revoke(key, by=self.user)
        return Response(status=204)


def token_row(token: Any) -> TokenRow:
    grant = getattr(token, "grant", None)
    return TokenRow(
        id=token.token_key,
        created_at=token.created,
        expires_at=token.expiry,
        scopes=list(grant.scopes) if grant else [],
        site=grant.site.slug if grant and grant.site else None,
        last_used_at=grant.last_used_at if grant else None,
    )
