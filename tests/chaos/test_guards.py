"""The harness proves itself: each guard, broken on purpose, turns the checker red.

The ledger's own guards are broken one by one in tests/hemaqueue/jobs/test_machine.py; these need
processes, files or a broker to show.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.chaos import telling
from tests.chaos.plan import Plan
from tests.chaos.run import Outcome, run

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.long,
    pytest.mark.timeout(900),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

SMALL = Plan(images=60, faults=1, only=("nothing",), processes=1, training=False, patience=40)
POISONED = replace(
    SMALL, images=100, poison=12, poisons=("segfault",), processes=2, patience=480, slow=0.02
)
DEAF = replace(SMALL, only=("records_away",), patience=90)
DYING = replace(SMALL, broken=("dispatchers_die_before_redis",), faults=4, patience=90)
STUCK = replace(SMALL, broken=("a_consumer_goes_deaf",), patience=120)
FORGED = replace(SMALL, only=("messages_forged",), faults=4, slow=0.5, patience=90)
LOSING = replace(SMALL, only=("flush", "kill_family"), faults=4)
FLUSHED = replace(SMALL, only=("flush",), faults=4, slow=0.4)
REPEATED = replace(SMALL, only=("messages_repeated",), faults=6)
CALLED_OFF = replace(SMALL, called_off=0.5)

BROKEN = {
    "files_are_cut_short": (SMALL, "unreadable"),
    "another_picture_is_kept": (SMALL, "hash_unequal"),
    "acknowledged_without_a_commit": (SMALL, "lost"),
    "nothing_is_found_lost": (LOSING, "unfinished"),
    "nothing_is_missed": (FLUSHED, "unfinished"),
    "waiting_is_silence,the_deaf_send": (DEAF, "good_dead"),
    "the_crashed_travel_in_company,the_crashed_are_not_set_apart": (POISONED, "good_dead"),
    "nothing_left_over_is_sent": (DYING, "unfinished"),
    "signatures_are_not_read": (FORGED, "good_dead"),
    "nobody_watches": (STUCK, "unfinished"),
    "news_counts_each_time,a_second_result_is_passed_over": (REPEATED, "doubled"),
    "what_was_called_off_is_recorded": (CALLED_OFF, "wrong_state"),
    "the_trail_is_sealed_without_its_words": (SMALL, "audit_broken"),
}


def done(plan: Plan, tmp_path: Path) -> Outcome:
    tmp_path.chmod(0o755)
    return run(plan, tmp_path / "system")


@pytest.mark.parametrize("guards", BROKEN)
def test_the_checker_turns_red_when(guards: str, tmp_path: Path) -> None:
    plan, what = BROKEN[guards]
    outcome = done(replace(plan, broken=(*plan.broken, *guards.split(","))), tmp_path)
    assert not outcome.is_sound
    assert getattr(outcome.verdict, what) > 0, json.dumps(telling.facts(outcome), indent=1)


def test_nobody_is_judged_while_nobody_hears(tmp_path: Path) -> None:
    outcome = done(DEAF, tmp_path)
    assert outcome.is_sound, json.dumps(telling.facts(outcome), indent=1)
    assert outcome.tries["crashes"] == 0


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(POISONED, id="poison"),
        pytest.param(DYING, id="dispatchers die between the commit and Redis"),
        pytest.param(STUCK, id="a consumer goes deaf"),
        pytest.param(FORGED, id="false news"),
        pytest.param(FLUSHED, id="Redis is flushed"),
        pytest.param(REPEATED, id="messages come again"),
        pytest.param(CALLED_OFF, id="half of it is called off"),
    ],
)
def test_the_same_hardship_is_borne_with_the_guards(plan: Plan, tmp_path: Path) -> None:
    outcome = done(plan, tmp_path)
    assert outcome.is_sound, json.dumps(telling.facts(outcome), indent=1)
