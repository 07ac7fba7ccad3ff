"""Tokens for scripts: shown once, hashed, expiring, revocable. They do what their owner may do."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.api.answers import TokenAnswer, TokenList, TokenRow
from hemaqueue.api.base import Endpoint
from hemaqueue.api.bodies import TokenBody
from hemaqueue.audit.tokens import token_list, token_make, token_revoke
from hemaqueue.common.errors import NotAllowed


class PersonNeeded(NotAllowed):
    """A token cannot make tokens. Log in, and make it as a person."""

    code = "session_required"


class TokensView(Endpoint):
    @extend_schema(operation_id="token_list", responses=TokenList)
    def get(self, request: Request) -> Response:
        """Your tokens, without the tokens."""
        rows = [token_row(token) for token in token_list(self.user)]
        return Response(TokenList(rows).to_json())

    @extend_schema(operation_id="token_create", request=TokenBody, responses={201: TokenAnswer})
    def post(self, request: Request) -> Response:
        """Make a token. It is shown this once."""
        if request.auth is not None or not isinstance(request.session, SessionBase):
            raise PersonNeeded
        days = TokenBody.read(request.data)["days"]
        record, secret = token_make(days=days, by=self.user)
        row = token_row(record)
        answer = TokenAnswer(row.id, row.created_at, row.expires_at, token=secret)
        return Response(answer.to_json(), status=201)


class TokenView(Endpoint):
    @extend_schema(operation_id="token_revoke", responses={204: None})
    def delete(self, request: Request, key: str) -> Response:
        """Revoke one of your tokens. It ends with the next request."""
        token_revoke(key, by=self.user)
        return Response(status=204)


def token_row(token: Any) -> TokenRow:
    return TokenRow(id=token.token_key, created_at=token.created, expires_at=token.expiry)
