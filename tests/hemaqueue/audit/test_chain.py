"""The trail is only added to, and what somebody changes behind its back is found."""

# ruff: noqa: S608  the statements are this file's own
from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from hemaqueue.accounts.models import User
from hemaqueue.audit.chain import BEGINNING
from hemaqueue.audit.models import AuditEvent, AuditSeal
from hemaqueue.audit.selectors import audit_verify
from hemaqueue.audit.services import audit_record, audit_seal

pytestmark = pytest.mark.django_db

TABLES = ("audit_auditevent", "audit_auditseal")


@pytest.fixture
def trail(tessa: User) -> list[AuditEvent]:
    events = [audit_record("image.view", by=tessa, about=tessa, n=n) for n in range(5)]
    assert audit_seal() == 5
    return events


def test_a_sealed_trail_holds(trail: list[AuditEvent]) -> None:
    found = audit_verify()
    assert found.holds
    assert (found.sealed, found.unsealed) == (5, 0)
    assert found.head != BEGINNING


def test_an_empty_trail_holds(db: None) -> None:
    assert audit_verify().holds
    assert audit_verify().head == BEGINNING


def test_sealing_twice_seals_once(trail: list[AuditEvent]) -> None:
    assert audit_seal() == 0
    assert audit_seal(thorough=True) == 0
    assert AuditSeal.objects.count() == 5


def test_unsealed_events_are_reported_with_their_age(trail: list[AuditEvent]) -> None:
    late = audit_record("image.view", by=None)
    late.refresh_from_db()
    found = audit_verify()
    assert (found.unsealed, found.oldest_unsealed) == (1, late.at)
    assert found.holds


def test_an_event_that_comes_late_is_sealed_behind_the_others(trail: list[AuditEvent]) -> None:
    late = AuditEvent.objects.create(pk=trail[0].pk - 1, action="image.view")
    assert audit_seal(thorough=True) == 1
    assert AuditSeal.objects.order_by("-position").first().event_id == late.pk
    assert audit_verify().holds


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("act", ["UPDATE {} SET at = now()", "DELETE FROM {}"])
def test_the_database_itself_refuses_changes(trail: list[AuditEvent], act: str, table: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(table))
    assert audit_verify().holds


def as_superuser(*statements: str) -> None:
    """Do what only the owner of the tables can: switch the guards off, and change rows."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)


def edit(trail: list[AuditEvent]) -> str:
    return f"UPDATE {TABLES[0]} SET action = 'image.upload' WHERE id = {trail[2].pk}"


def move_the_clock(trail: list[AuditEvent]) -> str:
    return f"UPDATE {TABLES[0]} SET at = at - interval '1 hour' WHERE id = {trail[2].pk}"


def change_the_person(trail: list[AuditEvent]) -> str:
    return f"UPDATE {TABLES[0]} SET actor_id = NULL WHERE id = {trail[2].pk}"


def drop_a_link(trail: list[AuditEvent]) -> str:
    return f"DELETE FROM {TABLES[1]} WHERE event_id = {trail[2].pk}"


def forge_a_hash(trail: list[AuditEvent]) -> str:
    return f"UPDATE {TABLES[1]} SET hash = repeat('a', 64) WHERE event_id = {trail[2].pk}"


TAMPERING = [edit, move_the_clock, change_the_person, drop_a_link, forge_a_hash]


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda one: one.__name__)
def test_tampering_is_found(
    trail: list[AuditEvent], tamper: Callable[[list[AuditEvent]], str]
) -> None:
    as_superuser(tamper(trail))
    found = audit_verify()
    assert not found.holds
    assert found.sealed == 2


def test_a_cut_tail_shows_against_an_earlier_head(trail: list[AuditEvent]) -> None:
    noted = audit_verify().head
    last = f"(SELECT max(event_id) FROM {TABLES[1]})"
    as_superuser(f"DELETE FROM {TABLES[1]} WHERE event_id = {last}")
    assert audit_verify().head != noted


def test_the_command_says_so_and_fails(trail: list[AuditEvent]) -> None:
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "The chain holds." in out.getvalue()
    as_superuser(edit(trail))
    with pytest.raises(CommandError, match="broken at position"):
        call_command("verify_audit", stdout=StringIO())
