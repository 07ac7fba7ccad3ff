"""Every rule of the lanes, by facts alone: no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from hemaqueue.jobs.states import JobState
from hemaqueue.reviews.lanes import (
    CaseFacts,
    ImageFacts,
    Place,
    Read,
    Rules,
    Said,
    is_audited,
    place_of,
)
from hemaqueue.reviews.models import Lane
from hemaqueue.reviews.signals import QUIET, Signal

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CAME = NOW - timedelta(minutes=30)
PLAIN, SAMPLED = UUID(int=1), UUID(int=9)
SURE = Said("benign", 0.99)


def field(**more: object) -> ImageFacts:
    """An image about which there is nothing to remark."""
    usual = ImageFacts(at=CAME, work=JobState.SUCCEEDED, said=SURE)
    return replace(usual, **more)  # type: ignore[arg-type]


def read(choice: str = "label", label: str = "benign", **more: object) -> Read:
    usual = Read(choice, label if choice == "label" else "", at=NOW)
    return replace(usual, **more)  # type: ignore[arg-type]


def case(*images: ImageFacts, **more: object) -> CaseFacts:
    usual = CaseFacts(id=PLAIN, images=images or (field(),))
    return replace(usual, **more)  # type: ignore[arg-type]


def place(facts: CaseFacts, *, now: datetime = NOW) -> Place:
    return place_of(facts, now=now)


GRAVE = {
    Signal.URGENT: case(urgent=True),
    Signal.OVERDUE: case(field(at=NOW - timedelta(hours=24))),
    Signal.ANSWERED: case(answered=True),
    Signal.REFERRED: case(referred=True),
    Signal.DISAGREEMENT: case(field(reads=(read(), read("unusable")))),
    Signal.FAILED: case(field(work=JobState.FAILED, said=None)),
    Signal.MISSING: case(field(work="", said=None)),
    Signal.OUT_OF_DISTRIBUTION: case(field(said=replace(SURE, flags=["out_of_distribution"]))),
    Signal.UNCERTAIN: case(field(said=replace(SURE, flags=["uncertain"]))),
    Signal.NOT_ASSESSABLE: case(field(said=replace(SURE, flags=["not_assessable"]))),
    Signal.NO_CONTENT: case(field(quality=["no_content"])),
    Signal.OUT_OF_FOCUS: case(field(quality=["out_of_focus"])),
    Signal.OVER_EXPOSED: case(field(quality=["over_exposed"])),
    Signal.UNDER_EXPOSED: case(field(quality=["under_exposed"])),
    Signal.SMALL: case(field(quality=["small"])),
    Signal.MALIGNANT: case(field(said=Said("pro_b", 0.99))),
}
MILD = {
    Signal.UNSETTLED: case(field(reads=(read("uncertain"),))),
    Signal.AMENDED: case(revision=2),
    Signal.UNKNOWN_STAIN: case(field(stain="Sudan black")),
    Signal.NOTED: case(field(reads=(read(note="look at the rim"),))),
    Signal.SECOND_READ: case(field(reads=(read(),)), rules=Rules(double_read_percent=100)),
    Signal.AT_BENCH: case(at_bench=True),
    Signal.WORKING: case(field(work=JobState.RUNNING, said=None)),
    Signal.BELOW_LIMIT: case(field(said=Said("benign", 0.9499))),
}


def test_every_signal_has_its_rule() -> None:
    assert GRAVE.keys() | MILD.keys() == set(Signal)
    assert MILD.keys() == QUIET


@pytest.mark.parametrize("signal", GRAVE)
def test_a_grave_signal_alone_needs_attention(signal: Signal) -> None:
    found = place(GRAVE[signal])
    assert (found.lane, found.reasons) == (Lane.ATTENTION, [signal])


@pytest.mark.parametrize("signal", MILD)
def test_a_quiet_signal_alone_keeps_a_case_from_being_clear(signal: Signal) -> None:
    found = place(MILD[signal])
    assert (found.lane, found.reasons) == (Lane.READY, [signal])


def test_a_case_is_clear_when_nothing_is_to_be_remarked() -> None:
    found = place(case(field(), field()))
    assert (found.lane, found.reasons, found.images) == (Lane.CLEAR, [], 2)


def test_one_image_is_enough_to_take_a_case_out_of_the_clear_lane() -> None:
    found = place(case(field(), field(said=Said("pro_b", 0.7)), field()))
    assert (found.lane, found.malignant, found.images) == (Lane.ATTENTION, 1, 3)


def test_a_flag_that_nobody_knows_needs_attention() -> None:
    found = place(case(field(quality=["smudged"])))
    assert (found.lane, found.reasons) == (Lane.ATTENTION, ["smudged"])


@pytest.mark.parametrize("confidence", [float("nan"), -0.1, 1.1])
def test_a_confidence_that_is_none_is_a_missing_signal(confidence: float) -> None:
    found = place(case(field(said=Said("benign", confidence))))
    assert (found.lane, found.reasons, found.doubt) == (Lane.ATTENTION, ["missing"], 0)


def test_a_case_without_images_is_never_clear() -> None:
    found = place(CaseFacts(id=PLAIN))
    assert (found.lane, found.waiting_since, found.due_at) == (Lane.ATTENTION, None, None)


def test_a_class_that_this_release_does_not_know_counts_as_malignant() -> None:
    assert place(case(field(said=Said("t_all", 0.99)))).reasons == ["malignant"]


def test_a_reader_who_sees_malignant_cells_is_believed() -> None:
    assert place(case(field(reads=(read(label="pro_b"),)))).reasons == ["malignant"]


def test_who_adjudicates_settles_a_disagreement() -> None:
    reads = (read(), read("unusable"), read(label="benign", adjudicates=True))
    assert place(case(field(reads=reads))).lane == Lane.CLEAR


def test_a_failed_try_beside_a_result_is_no_reason() -> None:
    assert place(case(field(work=JobState.FAILED))).lane == Lane.CLEAR


def test_the_site_s_usual_stain_is_known() -> None:
    facts = case(field(stain="Sudan Black"), usual_stain="sudan black")
    assert place(facts).lane == Lane.CLEAR


def test_the_site_says_how_sure_clear_is() -> None:
    strict = Rules(clear_confidence=0.995)
    assert place(case(rules=strict)).reasons == ["below_limit"]


def test_five_of_a_hundred_that_would_be_clear_are_read_all_the_same() -> None:
    drawn = [UUID(int=number) for number in range(2000) if is_audited(UUID(int=number))]
    assert 60 < len(drawn) < 140
    found = place(case(id=drawn[0]))
    assert (found.lane, found.reasons, found.in_audit_sample) == (Lane.READY, [], True)
    assert not place(case(id=drawn[0], urgent=True)).in_audit_sample
    noted = place(case(field(reads=(read(note="seen"),)), id=drawn[0]))
    assert noted.in_audit_sample


def test_reasons_stand_in_the_order_of_their_gravity() -> None:
    found = place(
        case(
            field(said=Said("pro_b", 0.6, flags=["uncertain", "smudged"]), at=NOW - timedelta(9)),
            urgent=True,
        )
    )
    assert found.reasons == ["urgent", "overdue", "uncertain", "malignant", "smudged"]


def test_the_order_of_work_is_urgent_overdue_asked_doubtful_malignant_rest() -> None:
    order = [
        GRAVE[Signal.URGENT],
        GRAVE[Signal.OVERDUE],
        GRAVE[Signal.ANSWERED],
        GRAVE[Signal.UNCERTAIN],
        GRAVE[Signal.MALIGNANT],
        GRAVE[Signal.SMALL],
    ]
    ranks = [place(one).rank for one in order]
    assert ranks == sorted(set(ranks))


def test_a_case_with_work_still_running_comes_last() -> None:
    running = field(work=JobState.QUEUED, said=None)
    waits = place(case(field(), running, urgent=True))
    assert waits.rank > place(case()).rank
    assert waits.rank < place(case(field(), running)).rank
    late = place(case(field(at=NOW - timedelta(hours=30)), running))
    assert late.rank == place(GRAVE[Signal.OVERDUE]).rank


def test_a_held_image_is_waited_for() -> None:
    assert place(case(field(), field(work="", held=True, said=None))).reasons == ["working"]


def test_doubt_is_the_least_sure_image_and_nothing_where_one_is_unknown() -> None:
    assert place(case(field(), field(said=Said("pro_b", 0.61)))).doubt == 0.61
    assert place(case(field(), field(said=None, work=JobState.RUNNING))).doubt == 0


def test_urgent_cases_are_overdue_earlier() -> None:
    rules = Rules(urgent_hours=2, routine_hours=24)
    assert place(case(rules=rules)).due_at == CAME + timedelta(hours=24)
    assert place(case(rules=rules, urgent=True)).due_at == CAME + timedelta(hours=2)


def test_a_case_waits_since_its_oldest_image_that_nobody_decided() -> None:
    old = field(at=NOW - timedelta(days=90), reads=(read(),))
    found = place(case(old, field()))
    assert (found.waiting_since, found.decided, found.images) == (CAME, 1, 2)


def test_a_blind_site_is_not_led_by_the_model() -> None:
    blind = Rules(blind=True)
    leading = case(field(said=Said("pro_b", 0.5, flags=["uncertain"])), rules=blind)
    assert place(leading) == replace(place(case(rules=blind)), malignant=1)
    assert (place(leading).lane, place(leading).reasons) == (Lane.READY, [])
    assert place(case(urgent=True, rules=blind)).reasons == ["urgent"]
    strange = case(field(said=replace(SURE, flags=["out_of_distribution"])), rules=blind)
    assert place(strange).lane == Lane.ATTENTION


def test_a_case_is_read_when_every_image_is_decided_and_nobody_differs() -> None:
    assert case(field(reads=(read(),))).is_read
    assert not case(field(reads=(read(),)), field()).is_read
    assert not case(field(reads=(read(), read("unusable")))).is_read
