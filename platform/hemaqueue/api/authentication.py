"""Tokens: hashed in the database, shown once, expiring. Their bearer is their owner, or less."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import AuthenticationFailed

from hemaqueue.accounts.models import TokenGrant
from hemaqueue.audit.tokens import token_used


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Bearer hq_…`. It comes first, so that nobody logged in is told 401."""

    def authenticate_credentials(self, token: bytes) -> Any:
        try:
            user, record = super().authenticate_credentials(token)
            grant: TokenGrant = record.grant
        except ValueError as error:  # bytes that are no text, or hold a NUL
            raise AuthenticationFailed("Invalid token.") from error
        except ObjectDoesNotExist as error:  # a token that nothing was granted to
            raise AuthenticationFailed("Invalid token.") from error
        user.bearer = grant.bearer
        token_used(grant)
        return user, record

    def _cleanup_token(self, auth_token: Any) -> bool:
        """Say whether the token has expired. A sweep removes such tokens, not each request."""
        return auth_token.expiry is not None and auth_token.expiry < timezone.now()
