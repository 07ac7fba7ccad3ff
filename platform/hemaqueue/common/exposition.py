"""Prometheus' text format, version 0.0.4: what a scraper reads, from numbers that are at hand.

Every number comes from the database at the moment of asking, so no process counts anything, and
it does not matter which of several web processes answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})

Labels = Mapping[str, str]


@dataclass(frozen=True)
class Family:
    """All samples of one metric. `kind` is gauge or counter; a counter's name ends in _total."""

    name: str
    kind: str
    help: str
    samples: tuple[tuple[Labels, float], ...]


def gauge(name: str, help: str, samples: Iterable[tuple[Labels, float]]) -> Family:
    return Family(name, "gauge", help, tuple(samples))


def counter(name: str, help: str, value: float) -> Family:
    return Family(name, "counter", help, (({}, value),))


def exposed(families: Iterable[Family]) -> str:
    """Return the text of all families, each with its help and type before its samples."""
    return "".join(map(_family, families))


def _family(family: Family) -> str:
    head = f"# HELP {family.name} {family.help}\n# TYPE {family.name} {family.kind}\n"
    return head + "".join(
        f"{family.name}{_braces(labels)} {value:.10g}\n" for labels, value in family.samples
    )


def _braces(labels: Labels) -> str:
    inside = ",".join(f'{name}="{text.translate(ESCAPES)}"' for name, text in labels.items())
    return f"{{{inside}}}" if inside else ""
