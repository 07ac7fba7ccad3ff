"""Tokens: shown once, hashed, expiring, revocable; never a way to more tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from knox.models import AuthToken

from hemaqueue.accounts.models import TokenGrant, User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.scopes import Scope
from hemaqueue.accounts.selectors import may, sites_allowing
from hemaqueue.audit.models import AuditEvent, Outcome
from tests import factories, readings
from tests.people import Script, logged_in

pytestmark = pytest.mark.django_db

TOKENS = "/api/v1/tokens/"
WHERE = "/api/v1/status/"


def made(user: User, **body: object) -> dict[str, Any]:
    answer = logged_in(user).post(TOKENS, body, "application/json")
    assert answer.status_code == 201
    return dict(answer.json())


def status_with(token: str) -> int:
    script = Script(headers={"Authorization": f"Bearer {token}"})
    return int(script.get(WHERE).status_code)


def test_a_token_opens_what_its_owner_may_see(tessa: User) -> None:
    assert status_with(made(tessa)["token"]) == 200


def test_the_token_is_nowhere_in_the_database(tessa: User) -> None:
    token = made(tessa)["token"]
    kept = AuthToken.objects.get()
    assert token not in str(kept.__dict__)
    assert token not in str(AuditEvent.objects.values_list("details", flat=True))
    assert token not in logged_in(tessa).get(TOKENS).content.decode()


def test_a_token_lives_ninety_days_at_most(tessa: User) -> None:
    made(tessa, days=90)
    expiry = AuthToken.objects.get().expiry
    assert expiry is not None
    assert expiry <= timezone.now() + timedelta(days=90)
    answer = logged_in(tessa).post(TOKENS, {"days": 91}, "application/json")
    assert answer.status_code == 400


def test_an_expired_token_opens_nothing(tessa: User) -> None:
    token = made(tessa)["token"]
    AuthToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert status_with(token) == 401


def test_a_revoked_token_ends_with_the_next_request(tessa: User) -> None:
    token = made(tessa)
    assert logged_in(tessa).delete(f"{TOKENS}{token['id']}/").status_code == 204
    assert status_with(token["token"]) == 401
    assert AuditEvent.objects.filter(action="token.revoke", actor=tessa).exists()


def test_a_deactivated_owner_ends_the_token(tessa: User) -> None:
    token = made(tessa)["token"]
    User.objects.filter(pk=tessa.pk).update(is_active=False)
    assert status_with(token) == 401


def test_a_token_makes_no_tokens(tessa: User) -> None:
    answer = Script(tessa).post(TOKENS, {})
    assert (answer.status_code, answer.json()["code"]) == (403, "session_required")


@pytest.mark.parametrize("token", ["hq_0", "x" * 5000, "a b", "\x00", "ÿþ", ""])
def test_made_up_tokens_are_401_and_leave_an_event(tessa: User, token: str) -> None:
    script = Script(headers={"Authorization": f"Bearer {token}"})
    assert script.get(WHERE).status_code == 401
    assert AuditEvent.objects.get().outcome == Outcome.DENIED


def test_strangers_cannot_fill_the_trail(db: None) -> None:
    assert Script().get(WHERE).status_code == 401
    assert not AuditEvent.objects.exists()


def test_nobody_revokes_anothers_token(tessa: User, clara: User) -> None:
    token = made(tessa)
    assert logged_in(clara).delete(f"{TOKENS}{token['id']}/").status_code == 404
    assert status_with(token["token"]) == 200


def test_a_token_says_what_it_is_for_and_when_it_was_used(tessa: User) -> None:
    site = factories.SiteFactory(slug="demo")
    token = made(tessa, scopes=["slide:write"], site="demo", days=3)
    (row,) = logged_in(tessa).get(TOKENS).json()["results"]
    assert (row["scopes"], row["site"], row["last_used_at"]) == (["slide:write"], "demo", None)
    assert status_with(token["token"]) == 200
    (row,) = logged_in(tessa).get(TOKENS).json()["results"]
    assert row["last_used_at"] is not None
    event = AuditEvent.objects.get(action="token.create")
    assert (event.details["scopes"], event.site_id) == (["slide:write"], site.pk)


def test_without_a_wish_a_token_sends_and_reads(tessa: User) -> None:
    assert made(tessa)["scopes"] == ["result:read", "slide:write"]


@pytest.mark.parametrize(
    "body", [{"scopes": []}, {"scopes": ["sign"]}, {"site": "elsewhere"}, {"days": 0}]
)
def test_a_token_that_is_too_wide_is_not_made(tessa: User, body: dict[str, object]) -> None:
    factories.SiteFactory(slug="elsewhere")
    answer = logged_in(tessa).post(TOKENS, body, "application/json")
    assert answer.status_code == 400
    assert not AuthToken.objects.exists()


def test_a_token_without_a_grant_opens_nothing(tessa: User) -> None:
    _, token = AuthToken.objects.create(tessa)
    assert status_with(token) == 401


def test_its_use_is_noted_once_a_minute(tessa: User) -> None:
    token = made(tessa)["token"]
    status_with(token)
    first = TokenGrant.objects.get().last_used_at
    status_with(token)
    assert TokenGrant.objects.get().last_used_at == first


def test_a_token_never_signs_even_behind_the_door(clara: User) -> None:
    case = readings.case_ready(by=clara)
    clara.bearer = TokenGrant(scopes=list(Scope)).bearer
    assert not may(clara, act=Act.SIGN, site=case.site_id)
    assert may(clara, act=Act.DECIDE, site=case.site_id)
    assert sites_allowing(clara, act=Act.SIGN) == []
