"""A worker that could take work and does not is found out; one that cannot is left alone."""

from __future__ import annotations

from redis import ConnectionError as RedisAway

from jobcontract import hands
from jobcontract.hands import LOOKS, Rest, Watchdog


def dog(*, waiting: bool) -> Watchdog:
    return Watchdog(waiting=lambda: waiting, seconds=90)


def looks(watchdog: Watchdog, times: int) -> list[bool]:
    return [watchdog.is_stuck() for _ in range(times)]


def test_a_process_that_takes_nothing_though_work_waits_is_stuck() -> None:
    assert looks(dog(waiting=True), LOOKS + 1) == [False] * LOOKS + [True]


def test_a_process_without_work_is_not() -> None:
    assert not any(looks(dog(waiting=False), 3 * LOOKS))


def test_taking_a_parcel_starts_the_time_anew() -> None:
    watchdog = dog(waiting=True)
    assert not any(looks(watchdog, LOOKS))
    hands.count_received()
    assert looks(watchdog, LOOKS + 1) == [False] * LOOKS + [True]


def test_nobody_is_stuck_while_redis_is_away() -> None:
    def away() -> bool:
        raise RedisAway

    assert not any(looks(Watchdog(waiting=away, seconds=90), 3 * LOOKS))


def test_a_worker_on_demand_ends_when_it_had_nothing_in_hand_for_long() -> None:
    rest = Rest(busy=lambda: False, seconds=30)
    assert [rest.is_over(now=at) for at in (100, 130, 131)] == [False, False, True]


def test_a_worker_on_demand_does_not_end_with_a_parcel_in_hand() -> None:
    rest = Rest(busy=lambda: True, seconds=30)
    assert not any(rest.is_over(now=at) for at in (100, 200, 300))
