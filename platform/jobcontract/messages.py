"""What travels between the platform and its workers: small, frozen, ids and keys only.

Unknown keys are ignored on reading, and fields are only ever added, with defaults: two releases
can run beside each other during a roll-out. No message holds pixels, names of people or of files.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self, cast, get_type_hints


class MalformedMessage(ValueError):
    """The values do not make a message of this kind."""


@dataclass(frozen=True)
class Message:
    """Turns itself into plain JSON values and back."""

    def to_json(self) -> dict[str, Any]:
        """Return plain values. Dictionaries are shared: `dataclasses.asdict` copies every one."""
        return {one.name: _plain(getattr(self, one.name)) for one in dataclasses.fields(self)}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Return the message. Raises MalformedMessage where that cannot be."""
        known = _hints(cast("Hashable", cls))
        try:
            given = {name: _read(known[name], values[name]) for name in known if name in values}
            return cls(**given)
        except (TypeError, AttributeError, KeyError) as error:
            raise MalformedMessage(cls.__name__) from error


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return value.to_json()
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: Any) -> Any:
    if isinstance(kind, type) and issubclass(kind, Message):
        return kind.from_json(value)
    item = getattr(kind, "__args__", (None,))[0]
    if isinstance(value, list) and isinstance(item, type) and issubclass(item, Message):
        return tuple(item.from_json(one) for one in value)
    return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True)
class SealedFile(Message):
    """An encrypted file in the store, with its data key wrapped for the workers (base64)."""

    key: str
    data_key: str


@dataclass(frozen=True)
class ModelReference(Message):
    """Which bundle to use, by the SHA-256 of its bundle.json; thresholds here replace its own."""

    version: str
    bundle_key: str
    digest: str
    decision: float | None = None
    abstain: float | None = None
    operating_point: int = 0


@dataclass(frozen=True)
class Ticket(Message):
    """One try of one job. With the parcel's id it is the fence: older news is ignored."""

    job: str
    attempt: int


@dataclass(frozen=True)
class Parcel(Message):
    """One Celery message: some jobs of one kind that a worker does together.

    `bodies` stands in the order of `tickets`; `shared` is what they have in common.
    Both are read by the task with the message class of its work. `urgent`: somebody waits for it.
    """

    id: str
    work: str
    tickets: tuple[Ticket, ...]
    bodies: tuple[dict[str, Any], ...]
    shared: dict[str, Any] = field(default_factory=dict)
    silence: float = 60.0
    urgent: bool = False


@dataclass(frozen=True)
class Outcome(Message):
    """How one job went. `body` holds the result; a failure has a code and a sentence."""

    job: str
    attempt: int
    ok: bool
    body: dict[str, Any] = field(default_factory=dict)
    code: str = ""
    detail: str = ""
    transient: bool = False


@dataclass(frozen=True)
class Tidings(Message):
    """News about one parcel: `kind` is a `names.News` value; `urgent` as its parcel is."""

    kind: str
    parcel: str = ""
    tickets: tuple[Ticket, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    progress: dict[str, Any] = field(default_factory=dict)
    code: str = ""
    at: str = ""
    worker: str = ""
    queues: tuple[str, ...] = ()
    processes: int = 0
    urgent: bool = False


@dataclass(frozen=True)
class ClassifySmear(Message):
    """Body of one job of CLASSIFY_SMEARS; the parcel's `shared` is the ModelReference."""

    image: SealedFile


@dataclass(frozen=True)
class Classification(Message):
    """What one model said of one picture.

    `confidence` is the calibrated score of `label`, `ood_score` grows with strangeness. `grid` is
    the map by `method` ("" from older workers): float16, base64, `grid_shape` = (rows, columns).
    """

    label: str
    scores: dict[str, float]
    confidence: float
    malignant: float
    flags: tuple[str, ...] = ()
    ood_score: float = 0.0
    grid: str = ""
    grid_shape: tuple[int, int] = (0, 0)
    layer: str = ""
    seconds: float = 0.0
    method: str = ""


@dataclass(frozen=True)
class ExplainPrediction(Message):
    """Body of one job of EXPLAIN_PREDICTION; an empty `layer` is the network's last convolution."""

    prediction: int
    image: SealedFile
    label: str
    layer: str = ""
    method: str = "gradcam"


@dataclass(frozen=True)
class Explanation(Message):
    """A heatmap: `grid` is base64 of float16, row by row, `grid_shape` = (rows, columns)."""

    label: str
    layer: str
    method: str
    grid: str
    grid_shape: tuple[int, int]


@dataclass(frozen=True)
class ImportDataset(Message):
    """Body of one job of IMPORT_DATASET."""

    dataset: str


@dataclass(frozen=True)
class RenderReport(Message):
    """Body of one job of RENDER_REPORT; with `stamp`, a copy that says what took its place."""

    report: str
    stamp: int = 0


@dataclass(frozen=True)
class UnpackArchive(Message):
    """Body of one job of UNPACK_ARCHIVE: the batch into which the archive's pictures go."""

    batch: str


@dataclass(frozen=True)
class BuildExport(Message):
    """Body of one job of BUILD_EXPORT."""

    export: str


@dataclass(frozen=True)
class TrainingImage(Message):
    """One labelled picture of a snapshot. A fold below 0 means that the worker parts by itself."""

    image: SealedFile
    label: str
    group: str
    sha256: str
    fold: int = -1
    origin: dict[str, Any] = field(default_factory=dict)  # source, person, traits: if known
    boxes: tuple[tuple[float, ...], ...] = ()  # people's, of white cells: centre and sides, shares


@dataclass(frozen=True)
class FineTuneModel(Message):
    """Body of one job of FINE_TUNE_MODEL; `shared` is the ModelReference to start from.

    Sealed JSON lists of TrainingImage: `manifest`, and the test set `frozen` if it has a key. With
    a `network`, that one starts from nothing beside the reference, whose name is `base`.
    """

    manifest: SealedFile
    output_prefix: str
    epochs: int = 10
    seed: int = 0
    network: str = ""
    settings: dict[str, Any] = field(default_factory=dict)  # change the recipe
    frozen: SealedFile = SealedFile(key="", data_key="")
    base: str = ""


@dataclass(frozen=True)
class TrainedModel(Message):
    """A candidate bundle in the store and what it scored."""

    bundle_key: str
    digest: str
    metrics: dict[str, Any] = field(default_factory=dict)
