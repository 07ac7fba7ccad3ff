"""What a report says, as plain values. Its SHA-256 is printed: two reports with it say the same."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

#: The pages' class colours; drawings in print take no style sheet.
COLOURS = {
    "benign": "#3b7dd8",
    "early": "#b58900",
    "pre": "#d1603d",
    "pro": "#8e3b8a",
    "other": "#5f6b76",
}


@dataclass(frozen=True)
class ScoreLine:
    """`width` is the bar's, in tenths of a percent; `style` names the class's colour."""

    name: str
    style: str
    text: str
    width: int

    @property
    def colour(self) -> str:
        return COLOURS.get(self.style, COLOURS["other"])


@dataclass(frozen=True)
class Suggestion:
    """What a model said of one picture. `confidence` belongs to `name` and to nothing else.

    `heatmap` is the key of the very map that is printed: a later result has another one.
    """

    name: str
    style: str
    confidence: str
    malignant: str
    lines: list[ScoreLine]
    model: str
    at: str
    heatmap_of: str
    heatmap: int | None


@dataclass(frozen=True)
class Reading:
    """What one reader said."""

    reader: str
    said: str
    reason: str
    note: str
    at: str
    corrects: bool


@dataclass(frozen=True)
class ImageContent:
    number: int
    id: str
    sha256: str
    specimen: str
    stain: str
    size: str
    received: str
    flags: list[str]
    checks: list[str]
    suggestion: Suggestion | None
    state: str
    readings: list[Reading]


@dataclass(frozen=True)
class Figure:
    """A population figure of a model: measured on a set, not a chance for one picture."""

    name: str
    value: str
    interval: str
    n: str


@dataclass(frozen=True)
class ModelContent:
    name: str
    network: str
    digest: str
    kind: str
    split: str
    demonstration: bool
    figures: list[Figure]


@dataclass(frozen=True)
class SignatureContent:
    """The printed signature. `sha256` is the hash of what was signed, not of this report."""

    name: str
    meaning: str
    at: str
    statement: str
    sha256: str
    revision: int
    reason: str
    opened_by: str
    opened: str
    changes: list[str]


@dataclass(frozen=True)
class ReportContent:
    """`language` is the one its sentences are in; what was signed is the same in each."""

    id: str
    language: str
    revision: int
    status: str
    site: str
    accession: str
    patient: str
    urgent: bool
    requested_by: str
    requested: str
    opened: str
    summary: list[str]
    images: list[ImageContent]
    models: list[ModelContent]
    intended_use: str
    signature: SignatureContent | None
    verify_url: str

    @property
    def printed_sha256(self) -> str:
        """Return the hash at the foot of the pages: of what was signed, where it was."""
        return self.signature.sha256 if self.signature else self.sha256

    @property
    def sha256(self) -> str:
        """Return the hash of everything above, in hexadecimal."""
        return hashlib.sha256(self.to_text().encode()).hexdigest()

    def to_text(self) -> str:
        """Return everything above as canonical JSON; `read_content` reads it again."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @property
    def demonstration(self) -> bool:
        return any(model.demonstration for model in self.models)


def read_content(text: str) -> ReportContent:
    """Return the content that `to_text` wrote."""
    content: ReportContent = _read(ReportContent, json.loads(text))
    return content


def _read(kind: Any, value: Any) -> Any:
    if get_origin(kind) is list:
        return [_read(get_args(kind)[0], one) for one in value]
    known = next((one for one in (kind, *get_args(kind)) if is_dataclass(one)), None)
    if known is None or value is None:
        return value
    hints = get_type_hints(known)
    return known(**{name: _read(hints[name], one) for name, one in value.items()})  # type: ignore[operator]
