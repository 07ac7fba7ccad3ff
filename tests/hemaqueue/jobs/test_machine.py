"""Whatever happens in whatever order, the ledger keeps its promises; and the test can tell."""

from __future__ import annotations

import pytest
from django.db import DatabaseError
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from hemaqueue.jobs import services
from tests.hemaqueue.jobs import broken
from tests.hemaqueue.jobs.machine import LedgerMachine

pytestmark = pytest.mark.django_db

USUAL = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    database=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)
LONG = settings(USUAL, max_examples=1_000, stateful_step_count=80)
HASTY = settings(
    USUAL,
    max_examples=80,
    derandomize=True,
    phases=[Phase.generate],
    report_multiple_bugs=False,
)


@pytest.fixture(autouse=True)
def back_off_ends_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pause of two seconds would end by itself in a slow run, and no run could be repeated."""
    monkeypatch.setattr(services, "BACK_OFF_SECONDS", (3600,) * services.MAX_ERRORS)


def test_the_ledger_keeps_its_promises_in_any_order_of_events() -> None:
    run_state_machine_as_test(LedgerMachine, settings=USUAL)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_the_ledger_keeps_its_promises_in_many_more_orders() -> None:
    run_state_machine_as_test(LedgerMachine, settings=LONG)


GUARDS = [
    *(pytest.param(guard, id=guard.__name__) for guard in broken.OFTEN_SEEN),
    *(
        pytest.param(guard, id=guard.__name__, marks=pytest.mark.long)
        for guard in broken.SELDOM_SEEN
    ),
]


@pytest.mark.parametrize("guard", GUARDS)
def test_the_machine_turns_red_when(guard: broken.Break, monkeypatch: pytest.MonkeyPatch) -> None:
    guard(monkeypatch)
    with pytest.raises((AssertionError, DatabaseError, ExceptionGroup)):  # or several at once
        run_state_machine_as_test(LedgerMachine, settings=HASTY)
