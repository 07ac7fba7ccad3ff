"""Tokens: hashed in the database, shown once, expiring. Their bearer is their owner, or less."""

from __future__ import annotations

from hmac import compare_digest
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from knox.settings import CONSTANTS
from rest_framework.exceptions import AuthenticationFailed

from hemaqueue.accounts.models import TokenGrant
from hemaqueue.audit.tokens import token_used
from hemaqueue.common.prepared import Given, Prepared

_by_key = Prepared(
    lambda: AuthToken.objects.filter(
        token_key=Given("key", AuthToken._meta.get_field("token_key"))
    ).select_related("user", "grant")
)


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Bearer hq_…`. It comes first, so that nobody logged in is told 401."""

    def authenticate_credentials(self, token: bytes) -> Any:
        try:
            record = _record_of(token.decode())
            grant: TokenGrant = record.grant
        except ValueError as error:  # bytes that are no text, or hold a NUL
            raise AuthenticationFailed("Invalid token.") from error
        except ObjectDoesNotExist as error:  # a token that nothing was granted to
            raise AuthenticationFailed("Invalid token.") from error
        user, _ = self.validate_user(record)
        user.bearer = grant.bearer
        token_used(grant)
        return user, record


def _record_of(token: str) -> Any:
    """Return the record of a token that has not expired. A sweep removes those that have.

    Raises:
        AuthToken.DoesNotExist: there is none.
    """
    digest = hash_token(token)
    for record in _by_key(key=token[: CONSTANTS.TOKEN_KEY_LENGTH]):
        expired = record.expiry is not None and record.expiry < timezone.now()
        if not expired and compare_digest(digest, record.digest):
            return record
    raise AuthToken.DoesNotExist
