"""What a run says in the end: a short table for people, one object for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from tests.chaos.run import Outcome


def facts(outcome: Outcome) -> dict[str, Any]:
    """Return everything worth keeping as plain JSON values."""
    verdict = asdict(outcome.verdict)
    examples = verdict.pop("examples")
    return {
        "sound": outcome.is_sound,
        "plan": asdict(outcome.plan),
        "acknowledged": len(outcome.acknowledged),
        **verdict,
        "ack_p95_seconds": round(outcome.ack_p95, 3),
        "settled_after_seconds": round(outcome.settled_after, 1),
        "seconds": round(outcome.seconds, 1),
        **outcome.tries,
        "besides": outcome.besides,
        "wrong_clock": outcome.clock,
        "codes": outcome.codes,
        "faults": outcome.faults,
        "examples": examples,
    }


def table(outcome: Outcome) -> str:
    """Return the figures, one a line, and examples of what is wrong."""
    said = facts(outcome)
    shown = {name: value for name, value in said.items() if isinstance(value, int | float)}
    width = max(map(len, shown))
    lines = [f"{name.replace('_', ' '):<{width}}  {value}" for name, value in shown.items()]
    lines += [f"  {example}" for example in said["examples"]]
    return "\n".join(lines)
