"""Tokens for scripts: shown once, hashed, expiring, revocable. They do what their owner may do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from drf_spectacular.utils import extend_schema
from knox.models import AuthToken
from rest_framework.request import Request
from rest_framework.response import Response

from hemaqueue.api.answers import TokenAnswer, TokenList, TokenRow
from hemaqueue.api.base import Endpoint
from hemaqueue.api.bodies import TokenBody
from hemaqueue.audit.services import audit_record
from hemaqueue.common.errors import Missing, NotAllowed


class PersonNeeded(NotAllowed):
    """A token cannot make tokens. Log in, and make it as a person."""

    code = "session_required"


class TokensView(Endpoint):
    @extend_schema(operation_id="token_list", responses=TokenList)
    def get(self, request: Request) -> Response:
        """Your tokens, without the tokens."""
        mine = AuthToken.objects.filter(user=self.user).order_by("-created")
        return Response(TokenList([token_row(token) for token in mine]).to_json())

    @extend_schema(operation_id="token_create", request=TokenBody, responses={201: TokenAnswer})
    def post(self, request: Request) -> Response:
        """Make a token. It is shown this once."""
        if request.auth is not None or not isinstance(request.session, SessionBase):
            raise PersonNeeded
        days = TokenBody.read(request.data)["days"]
        token, secret = AuthToken.objects.create(self.user, expiry=timedelta(days=days))
        audit_record("token.create", by=self.user, key=token.token_key, days=days)
        row = token_row(token)
        answer = TokenAnswer(row.id, row.created_at, row.expires_at, token=secret)
        return Response(answer.to_json(), status=201)


class TokenView(Endpoint):
    @extend_schema(operation_id="token_revoke", responses={204: None})
    def delete(self, request: Request, key: str) -> Response:
        """Revoke one of your tokens. It ends with the next request."""
        token = AuthToken.objects.filter(user=self.user, token_key=key).first()
        if token is None:
            raise Missing
        token.delete()
        audit_record("token.revoke", by=self.user, key=key)
        return Response(status=204)


def token_row(token: Any) -> TokenRow:
    return TokenRow(id=token.token_key, created_at=token.created, expires_at=token.expiry)
