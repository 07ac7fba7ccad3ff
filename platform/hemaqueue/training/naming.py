"""What a data set calls its classes, and which class of ours each is."""

from __future__ import annotations

from collections.abc import Iterable

from hemaqueue.common.errors import Refused
from hemaqueue.registry.selectors import NoModelServes, model_serving
from hemaqueue.specimens.models import ImageKind

#: The classes and their other names, as data sets write them; what serves adds its own.
FIELDS = {
    "benign": ("Benign", "Normal", "HEM", "Haematogones"),
    "early_pre_b": ("Early Pre-B", "Malignant Early", "Early", "[Malignant] early Pre-B"),
    "pre_b": ("Pre-B", "Malignant Pre", "Pre", "[Malignant] Pre-B"),
    "pro_b": ("Pro-B", "Malignant Pro", "Pro", "[Malignant] Pro-B"),
}
SUBTYPES = ("early_pre_b", "pre_b", "pro_b")
CELLS = {
    "benign": FIELDS["benign"],
    "malignant": (
        "Malignant", "ALL", *(word for code in SUBTYPES for word in (code, *FIELDS[code])),
    ),
}  # fmt: skip


class UnknownClass(Refused):
    """A class that was named is none of this kind of image."""

    code = "class_unknown"


def class_codes(kind: str) -> dict[str, tuple[str, ...]]:
    """Return the classes of a kind of image with their other names, whether or not one serves."""
    usual = CELLS if kind == ImageKind.CELL else FIELDS
    try:
        described = model_serving(kind).facts.get("classes", [])
    except NoModelServes:
        return dict(usual)
    found: dict[str, tuple[str, ...]] = {}
    for one in described:
        facts = one if isinstance(one, dict) else {"code": one}
        code = str(facts["code"])
        names = (facts.get("name", ""), *facts.get("aliases", ()), *usual.get(code, ()))
        found[code] = tuple(dict.fromkeys(str(name) for name in names if name))
    return found


def named(names: Iterable[str], *, kind: str) -> dict[str, str]:
    """Return the class of each name, whatever its spelling; "" where it is none."""
    known = {
        _plain(word): code for code, words in class_codes(kind).items() for word in (code, *words)
    }
    return {name: known.get(_plain(name), "") for name in sorted(set(names) - {""})}


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def require_classes(codes: Iterable[str], *, kind: str) -> None:
    """Refuse what is neither a class of this kind nor "".

    Raises:
        UnknownClass: there is such a code.
    """
    known = set(class_codes(kind)) | {""}
    if foreign := sorted(set(codes) - known):
        raise UnknownClass(f"{', '.join(foreign)}: the classes are {', '.join(sorted(known)[1:])}.")
