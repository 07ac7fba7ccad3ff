"""Every cell of the access table: route × method × person × own, shared, foreign, none."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.http import HttpResponse

from hemaqueue.audit.models import AuditEvent, Outcome
from tests.hemaqueue.access.account_table import ACCOUNT
from tests.hemaqueue.access.asking import MULTIPART
from tests.hemaqueue.access.headers import missing_headers
from tests.hemaqueue.access.routes import all_routes
from tests.hemaqueue.access.rows import ROLES, Row
from tests.hemaqueue.access.scopes import opening
from tests.hemaqueue.access.table import TABLE
from tests.hemaqueue.access.world import World

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
CELLS = [
    pytest.param(row, role, id=f"{row.method} {row.route} {role}")
    for row in TABLE
    for role in ROLES
]
OBJECT_ROWS = [
    pytest.param(row, id=f"{row.method} {row.route}")
    for row in TABLE
    if row.object and not row.common
]
#: A token's key is any text; the others are UUIDs.
ADDRESS_ROWS = [
    pytest.param(row, id=f"{row.method} {row.route}")
    for row in TABLE
    if row.object and not row.object.startswith("@") and row.object != "token"
]


def ask(world: World, row: Row, *, role: str, missing: bool = False) -> HttpResponse:
    script, browser = world.enter(role)
    if row.is_api and not opening(row.route, row.method):
        script.client, script.headers = browser, {}  # no token will do
    address = world.address(row, role=role, missing=missing)
    body = world.body(row, role=role, missing=missing)
    if not row.is_api:
        return getattr(browser, row.method.lower())(address, body)
    if row.method == "GET":
        return script.get(address)
    if row.route in MULTIPART:
        return script.client.post(address, body, headers=script.headers)
    return getattr(script, row.method.lower())(address, body)


def events_since(before: int) -> list[tuple[str, str]]:
    found = AuditEvent.objects.filter(pk__gt=before).order_by("pk")
    return list(found.values_list("action", "outcome"))


def last_event() -> int:
    return AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def test_every_route_has_a_row() -> None:
    assert all_routes() == {row.route for row in TABLE} | set(ACCOUNT)


@pytest.mark.parametrize(("row", "role"), CELLS)
def test_each_cell_is_as_the_table_says(world: World, row: Row, role: str) -> None:
    before = last_event()
    answer = ask(world, row, role=role)
    assert answer.status_code == row.expected(role), answer.content[:300]
    assert not missing_headers(answer)
    _check_events(row, role=role, status=answer.status_code, before=before)


def _check_events(row: Row, *, role: str, status: int, before: int) -> None:
    left = [one for one in events_since(before) if not one[0].startswith("account.")]
    if status < 400 and role not in ("anonymous", "deactivated"):
        assert left == [(action, Outcome.DONE) for action in row.events]
    elif status in (403, 404) and role != "anonymous":
        assert [outcome for _, outcome in left] == [Outcome.DENIED]
    elif role == "anonymous":
        assert left == []


@pytest.mark.parametrize("row", OBJECT_ROWS)
def test_foreign_and_missing_cannot_be_told_apart(world: World, row: Row) -> None:
    foreign = ask(world, row, role="outsider")
    missing = ask(world, row, role="outsider", missing=True)
    assert foreign.status_code == missing.status_code == 404
    assert comparable(foreign) == comparable(missing)
    assert foreign.headers.keys() == missing.headers.keys()


def comparable(answer: Any) -> str:
    """Return the body without what differs with every request: its id, its CSRF token."""
    text = answer.content.decode()
    if "json" in answer["Content-Type"]:
        values = json.loads(text)
        values.pop("request_id")
        return json.dumps(values)
    return re.sub(r'csrf[^>]*value="[^"]*"|csrfToken[^>]*', "", text)


@pytest.mark.parametrize("row", ADDRESS_ROWS)
def test_an_address_that_is_no_id_is_not_found(world: World, row: Row) -> None:
    _, browser = world.enter("clinician")
    named = (
        r"[0-9a-f-]{36}|(?<=referrals/)\d+|(?<=heatmaps/)\d+|(?<=pictures/)\d+"
        r"|(?<=sites/)[\w-]+|(?<=policy/)[\w-]+"
    )
    address = re.sub(named, "4.2", world.address(row, role="clinician"))
    answer = browser.get(address)
    assert answer.status_code == 404
    assert not missing_headers(answer)


def documented(route: str) -> set[str]:
    return {row.method for row in TABLE if row.route == route}


@pytest.mark.parametrize("route", sorted({row.route for row in TABLE}))
def test_other_methods_are_refused(world: World, route: str) -> None:
    row = next(row for row in TABLE if row.route == route)
    script, browser = world.enter("clinician")
    address = world.address(row, role="clinician")
    for method in set(METHODS) - documented(route):
        if row.is_api:
            answer = script.client.generic(method, address, headers=script.headers)
        else:
            answer = browser.generic(method, address)
        assert answer.status_code == 405, method
        assert not missing_headers(answer)
