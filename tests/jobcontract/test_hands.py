"""A worker that could take work and does not is found out; one that cannot is left alone."""

from __future__ import annotations

from redis import ConnectionError as RedisAway

from jobcontract import hands
from jobcontract.hands import Watchdog

LIMIT = 90.0


def dog(*, waiting: bool = True, free: bool = True) -> Watchdog:
    return Watchdog(waiting=lambda: waiting, free=lambda: free, limit=LIMIT)


def looks(watchdog: Watchdog, *times: float) -> list[bool]:
    return [watchdog.is_stuck(now=now) for now in times]


def test_a_process_that_takes_nothing_though_work_waits_is_stuck() -> None:
    assert looks(dog(), 1000, 1080, 1091) == [False, False, True]


def test_a_process_without_work_or_without_a_free_child_is_not() -> None:
    assert not any(looks(dog(waiting=False), 1000, 2000))
    assert not any(looks(dog(free=False), 1000, 2000))


def test_taking_a_parcel_starts_the_time_anew() -> None:
    watchdog = dog()
    assert looks(watchdog, 1000, 1080) == [False, False]
    hands.count_received()
    assert looks(watchdog, 1085, 1170, 1176) == [False, False, True]


def test_nobody_is_stuck_while_redis_is_away() -> None:
    def away() -> bool:
        raise RedisAway

    watchdog = Watchdog(waiting=away, free=lambda: True, limit=LIMIT)
    assert not any(looks(watchdog, 1000, 2000, 3000))
