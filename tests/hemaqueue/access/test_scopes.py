"""Tokens through the access table: each row by the scopes that open it, and by all the others."""

from __future__ import annotations

from typing import Any

import pytest

from hemaqueue.accounts.scopes import Scope
from tests.hemaqueue.access.asking import MULTIPART
from tests.hemaqueue.access.rows import MEMBERS, Row
from tests.hemaqueue.access.scopes import EVERY, opening
from tests.hemaqueue.access.table import INTERFACE
from tests.hemaqueue.access.world import World
from tests.people import Script, granted

pytestmark = pytest.mark.django_db

ROWS = [pytest.param(row, id=f"{row.method} {row.route}") for row in INTERFACE if not row.open]
OF_PEOPLE = [one for one in ROWS if not opening(one.values[0].route, one.values[0].method)]  # type: ignore[union-attr]
OF_TOKENS = [one for one in ROWS if one not in OF_PEOPLE]


INSTALLATIONS = (
    "run", "model", "eval", "dataset", "snapshot", "rescore", "shadow", "picture",
    "judged", "proposal",
    "view",  # it is its owner's
)  # fmt: skip


def allowed_role(row: Row) -> str:
    return next(role for role in MEMBERS if row.expected(role) < 400)


def ask(world: World, row: Row, *scopes: str, role: str = "", **more: Any) -> Any:
    role = role or allowed_role(row)
    _, token = granted(world.people[role], *scopes, **more)
    script = Script(headers={"Authorization": f"Bearer {token}"})
    address, body = world.address(row, role=role), world.body(row, role=role)
    if row.method == "GET":
        return script.get(address)
    if row.route in MULTIPART:
        return script.client.post(address, body, headers=script.headers)
    return getattr(script, row.method.lower())(address, body)


def test_the_table_knows_every_scope() -> None:
    assert set(EVERY) == set(Scope.values)


@pytest.mark.parametrize("row", OF_TOKENS)
def test_a_row_opens_to_each_of_its_scopes_and_to_no_other(world: World, row: Row) -> None:
    opens = opening(row.route, row.method)
    others = [scope for scope in EVERY if scope not in opens]
    if others:
        answer = ask(world, row, *others)
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
        assert " or ".join(sorted(opens)) in answer.json()["detail"]
    assert ask(world, row, opens[0]).status_code == row.expected(allowed_role(row))


@pytest.mark.parametrize("row", OF_PEOPLE)
def test_what_is_for_people_no_token_does(world: World, row: Row) -> None:
    for role in MEMBERS:
        answer = ask(world, row, role=role)
        assert (answer.status_code, answer.json()["code"]) == (403, "session_required")


@pytest.mark.parametrize("row", [one for one in OF_TOKENS if one.values[0].object])  # type: ignore[union-attr]
def test_a_token_for_another_site_of_its_owners_sees_nothing_here(world: World, row: Row) -> None:
    role = allowed_role(row)
    answer = ask(world, row, role=role, site=world.second_site(role))
    if row.common or row.object.startswith(INSTALLATIONS):
        assert answer.status_code == row.expected(role)
    else:
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
