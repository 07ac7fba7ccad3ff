"""Tokens: hashed in the database, shown once, expiring. Their bearer is the person, no more."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import AuthenticationFailed


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Bearer hq_…`. It comes first, so that nobody logged in is told 401."""

    def authenticate_credentials(self, token: bytes) -> Any:
        try:
            return super().authenticate_credentials(token)
        except ValueError as error:  # bytes that are no text, or hold a NUL
            raise AuthenticationFailed("Invalid token.") from error

    def _cleanup_token(self, auth_token: Any) -> bool:
        """Say whether the token has expired. A sweep removes such tokens, not each request."""
        return auth_token.expiry is not None and auth_token.expiry < timezone.now()
