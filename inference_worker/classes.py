"""The classes of B-cell smears and the names under which data sets know them.

The order of a network's logits is the bundle's; this table only says what the codes mean.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class SmearClass:
    """One class: its code in messages and bundles, its name for people, its other names."""

    code: str
    name: str
    malignant: bool
    aliases: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> SmearClass:
        return cls(**(values | {"aliases": tuple(values["aliases"])}))


BENIGN = SmearClass("benign", "Benign", malignant=False)
EARLY_PRE_B = SmearClass(
    "early_pre_b", "Early Pre-B", malignant=True, aliases=("Malignant Early", "Early")
)
PRE_B = SmearClass("pre_b", "Pre-B", malignant=True, aliases=("Malignant Pre", "Pre"))
PRO_B = SmearClass("pro_b", "Pro-B", malignant=True, aliases=("Malignant Pro", "Pro"))

FOUR_CLASSES = (BENIGN, EARLY_PRE_B, PRE_B, PRO_B)

MALIGNANT = SmearClass(
    "malignant",
    "Malignant",
    malignant=True,
    aliases=(
        "ALL",
        *(name for one in FOUR_CLASSES[1:] for name in (one.code, one.name, *one.aliases)),
    ),
)
TWO_CLASSES = (
    SmearClass("benign", "Benign", malignant=False, aliases=("Normal", "HEM")),
    MALIGNANT,
)


class UnknownClass(ValueError):
    """No class of the table has this code, name or alias."""


def class_code(name: str, *, classes: tuple[SmearClass, ...] = FOUR_CLASSES) -> str:
    """Return the code for a folder's or a report's name of a class, whatever its spelling."""
    wanted = _plain(name)
    for one in classes:
        if wanted in {_plain(known) for known in (one.code, one.name, *one.aliases)}:
            return one.code
    raise UnknownClass(f"Known: {', '.join(c.name for c in classes)}. Received: {name!r}")


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
