"""API tokens: shown once, kept as a hash, ended by their owner."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from hemaqueue.audit.models import AuditEvent


def made(browser: Client) -> str:
    shown = browser.post(
        reverse("tokens"), {"days": "7", "scopes": ["slide:write", "result:read"]}
    ).content.decode()
    found = re.search(r'class="once"[^>]*>(\S+)</div>', shown)
    assert found is not None
    return found[1]


def test_a_token_is_shown_once_and_kept_as_a_hash(tessa: Client) -> None:
    token = made(tessa)
    again = tessa.get(reverse("tokens")).content.decode()
    assert token not in again
    record = AuthToken.objects.get()
    assert record.token_key in again
    assert token not in (record.digest, record.token_key)


def test_making_and_revoking_leave_events(tessa: Client) -> None:
    made(tessa)
    key = AuthToken.objects.get().token_key
    tessa.post(reverse("token_revoke", args=[key]))
    assert not AuthToken.objects.exists()
    actions = AuditEvent.objects.filter(action__startswith="token.").values_list(
        "action", flat=True
    )
    assert sorted(actions) == ["token.create", "token.revoke"]


def test_nobody_revokes_another_person_s_token(tessa: Client, clara: Client) -> None:
    made(tessa)
    key = AuthToken.objects.get().token_key
    assert clara.post(reverse("token_revoke", args=[key])).status_code == 404
    assert AuthToken.objects.exists()


def test_a_token_cannot_live_longer_than_offered(tessa: Client) -> None:
    tessa.post(reverse("tokens"), {"days": "3650"})
    assert not AuthToken.objects.exists()
