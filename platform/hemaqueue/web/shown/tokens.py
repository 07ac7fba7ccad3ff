"""A token as its owner sees it: never the token itself."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from hemaqueue.accounts.scopes import Scope


def token_shown(token: Any) -> dict[str, Any]:
    grant = getattr(token, "grant", None)
    return {
        "prefix": token.token_key,
        "made": token.created,
        "ends": token.expiry,
        "used": grant.last_used_at if grant else None,
        "scopes": [(one, Scope(one).label) for one in grant.scopes] if grant else [],
        "site": grant.site.name if grant and grant.site else "",
        "revoke_url": reverse("token_revoke", args=[token.token_key]),
    }
