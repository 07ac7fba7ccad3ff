"""The faults, by name. Each does its harm now, says what it hit, and arranges for its own end."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random

from redis import RedisError

from tests.chaos import mischief
from tests.chaos.plan import Plan
from tests.chaos.processes import children_of, family_of, send
from tests.chaos.system import System

Fault = Callable[[System, Random], str]

#: Those whose death hurts most stand here more than once.
TARGETS = (
    "inference", "inference", "records", "records", "web", "dispatcher", "dispatcher-2",
    "report", "training", "quarantine",
)  # fmt: skip


def _main(system: System, chance: Random) -> tuple[str, int]:
    running = system.pids()
    names = [name for name in TARGETS if name in running]
    name = chance.choice(names)
    return name, running[name]


def _child(system: System, chance: Random) -> tuple[str, int]:
    running = {name: children_of(pid) for name, pid in system.pids().items()}
    names = [name for name in TARGETS if running.get(name)]
    if not names:
        return _main(system, chance)
    name = chance.choice(names)
    return f"a child of {name}", chance.choice(running[name])


def kill_main(system: System, chance: Random) -> str:
    name, pid = _main(system, chance)
    send(pid, signal.SIGKILL)
    return name


def kill_child(system: System, chance: Random) -> str:
    name, pid = _child(system, chance)
    send(pid, signal.SIGKILL)
    return name


def terminate(system: System, chance: Random) -> str:
    name, pid = _main(system, chance)
    send(pid, signal.SIGTERM)
    return name


def _stopped(system: System, name: str, pid: int, *, seconds: float) -> str:
    send(pid, signal.SIGSTOP)
    system.later(seconds, lambda: send(pid, signal.SIGCONT))
    return f"{name} for {seconds:.0f} s"


def stop_main(system: System, chance: Random) -> str:
    """A machine that stalls: shorter or longer than the limit of silence."""
    name, pid = _main(system, chance)
    seconds = system.plan.silence * chance.uniform(0.1, 1.6)
    return _stopped(system, name, pid, seconds=min(seconds, 30.0))


def stop_child(system: System, chance: Random) -> str:
    """A zombie: it goes on when its jobs were given to another."""
    name, pid = _child(system, chance)
    seconds = system.plan.silence * chance.uniform(1.1, 1.8)
    return _stopped(system, name, pid, seconds=min(seconds, 100.0))


def flush(system: System, chance: Random) -> str:
    del chance
    with suppress(RedisError), system.redis() as redis:
        redis.flushall()
    return "everything in Redis"


def redis_killed(system: System, chance: Random) -> str:
    away = chance.choice((0.2, 2.0, 9.0))
    system.kill_redis(away=away)
    return f"away for {away:.0f} s"


def postgres_crashed(system: System, chance: Random) -> str:
    away = chance.choice((0.1, 1.0, 4.0))
    system.restart_postgres(away=away)
    return f"away for {away:.0f} s"


def connections_reset(system: System, chance: Random) -> str:
    del chance
    system.proxy.reset()
    return "between Redis and everybody"


def black_hole(system: System, chance: Random) -> str:
    seconds = chance.uniform(2.0, 12.0)
    system.proxy.swallow()
    system.later(seconds, system.proxy.pass_on)
    return f"before Redis for {seconds:.0f} s"


def messages_repeated(system: System, chance: Random) -> str:
    return mischief.repeat(system, chance)


def messages_forged(system: System, chance: Random) -> str:
    return mischief.forge(system, chance)


def disk_full(system: System, chance: Random) -> str:
    if not system.tmpfs:
        return "left out: no small disk may be mounted here"
    seconds = chance.uniform(1.0, 5.0)
    fat = system.folder / "files" / "fat"
    with suppress(OSError), fat.open("wb") as file:
        while True:
            file.write(bytes(1 << 20))
            file.flush()
    system.later(seconds, lambda: fat.unlink(missing_ok=True))
    return f"no room for {seconds:.0f} s"


def rolling_restart(system: System, chance: Random) -> str:
    """As a deployment does: every process is asked to end, one after another."""
    names = list(system.pids())
    chance.shuffle(names)
    for at, name in enumerate(names):
        system.later(at * 1.0, lambda name=name: _ask_to_end(system, name))  # type: ignore[misc]
    return "every process in turn"


def _ask_to_end(system: System, name: str) -> None:
    if pid := system.pids().get(name):
        send(pid, signal.SIGTERM)


def records_away(system: System, chance: Random) -> str:
    """Nobody hears the news for much longer than the limit of silence."""
    del chance
    seconds = 4.5 * system.plan.silence
    pid = system.pids().get("records")
    for one in [*family_of(pid), pid] if pid else ():
        _stopped(system, "records", one, seconds=seconds)
    return f"for {seconds:.0f} s"


def nothing(system: System, chance: Random) -> str:
    """A round without a fault."""
    del system, chance
    return "all is well"


def kill_family(system: System, chance: Random) -> str:
    """A machine that loses its power: a main process and all of its children at once."""
    name, pid = _main(system, chance)
    for one in [*family_of(pid), pid]:
        send(one, signal.SIGKILL)
    return f"{name} with its children"


FAULTS: dict[str, Fault] = {
    fault.__name__: fault
    for fault in (
        kill_main, kill_child, flush, redis_killed, postgres_crashed, stop_main, stop_child,
        connections_reset, black_hole, messages_repeated, messages_forged, terminate, disk_full,
        kill_family, rolling_restart,
    )
}  # fmt: skip
#: These are done when they are asked for by name.
ASKED: dict[str, Fault] = FAULTS | {fault.__name__: fault for fault in (records_away, nothing)}

#: From the second turn on these come twice in each: Redis is what is promised not to matter.
OFTEN = ("flush", "redis_killed")


def drawn(plan: Plan) -> Sequence[str]:
    """Return the names of a plan's faults: every kind once before any comes again."""
    chance, names = plan.chance("faults"), list(plan.only or FAULTS)
    found: list[str] = []
    while len(found) < plan.faults:
        chance.shuffle(names)
        found += names
        if not plan.only and len(names) == len(FAULTS):
            names += OFTEN
    return found[: plan.faults]
