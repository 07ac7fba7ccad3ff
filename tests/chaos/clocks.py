"""A process whose clock is wrong by hours, where libfaketime is installed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random

from deploy.local.supervisor import Role

PLACES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")
OFFSETS = ("-2h", "+2h")
#: Nothing that these decide may hang on their own clock.
ROLES = ("dispatcher-2", "records", "inference")


def library() -> str | None:
    """Return the path of libfaketime, or None where it is not installed."""
    found = [path for place in PLACES for path in sorted(Path("/").glob(place.lstrip("/")))]
    return str(found[0]) if found else None


def skewed(role: Role, *, offset: str) -> Role:
    """Return a role whose process believes that it is earlier or later; pauses stay as long."""
    faked: Mapping[str, str] = {
        "LD_PRELOAD": library() or "",
        "FAKETIME": offset,
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_RESET": "1",
    }
    return replace(role, env={**role.env, **faked})


def drawn(chance: Random) -> tuple[str, str]:
    """Return whose clock is wrong in this run, and by how much; nobody's without the library."""
    role, offset = chance.choice(ROLES), chance.choice(OFFSETS)
    return (role, offset) if library() else ("", "")
