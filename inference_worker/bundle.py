"""A bundle: a network's weights and every fact that serving them needs. No code, no pickle.

    bundle.json           facts (`BundleFacts`); its SHA-256 is the bundle's digest
    weights.safetensors   weights in half precision, feature statistics in single precision
    card.md               what people should know about it
    learned.json          what it learned from, by looks or subjects
    curve.json            loss and accuracy by epoch
    evaluation.json       what `./hemaqueue evaluate --suite full --json` printed of it; may lack

bundle.json names the digest of the weights, and whoever names a bundle names its digest: a
single wrong byte anywhere is found at every load.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from inference_worker.classes import SmearClass
from jobcontract import signing, storage
from jobcontract.messages import ModelReference

FACTS = "bundle.json"
WEIGHTS = "weights.safetensors"
CARD = "card.md"
SIGNATURE = "signature"
SERVED = Path(__file__).parent / "bundles"

FORMAT = 1
STATISTICS = "statistics/"

Arrays = dict[str, NDArray[Any]]
ReadFile = Callable[[str], bytes]


class ModelIntegrity(Exception):
    """A bundle is not what its digest, its signature or its own facts say."""

    code = "model_integrity"


@dataclass(frozen=True)
class Thresholds:
    """Where a score becomes a statement.

    A picture is called malignant from `decision` on (sum of the malignant classes' scores);
    below the confidence `abstain` the label is uncertain; above the distance
    `out_of_distribution` the picture is unlike those that the network learned from.
    """

    decision: float
    abstain: float
    out_of_distribution: float


@dataclass(frozen=True)
class BundleFacts:
    """What stands in bundle.json. The order of `classes` is the order of the logits."""

    name: str
    network: str
    parameters: dict[str, Any]
    input_size: int
    preprocessing: str
    image_kind: str
    classes: tuple[SmearClass, ...]
    temperature: float
    thresholds: Thresholds
    weights_sha256: str = ""
    demonstration: bool = False
    dataset: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    code_version: str = ""

    @property
    def codes(self) -> list[str]:
        return [one.code for one in self.classes]

    def at(self, *, decision: float | None, abstain: float | None) -> BundleFacts:
        """Return the facts with an operating point that a person chose; None leaves its own."""
        chosen = {"decision": decision, "abstain": abstain}
        given = {name: value for name, value in chosen.items() if value is not None}
        return replace(self, thresholds=replace(self.thresholds, **given)) if given else self

    def to_json(self) -> dict[str, Any]:
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return plain | {
            "format": FORMAT,
            "classes": [one.to_json() for one in self.classes],
            "thresholds": vars(self.thresholds),
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> BundleFacts:
        if values.get("format") != FORMAT:
            raise ModelIntegrity(f"Format {FORMAT} was expected. Received: {values.get('format')}")
        known = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
        return cls(
            **known
            | {
                "classes": tuple(SmearClass.from_json(one) for one in values["classes"]),
                "thresholds": Thresholds(**values["thresholds"]),
            }
        )


@dataclass(frozen=True)
class Bundle:
    """A verified bundle. `weights` by the variables' paths, `statistics` by name."""

    facts: BundleFacts
    weights: Arrays
    statistics: Arrays
    digest: str


def save_bundle(folder: Path, facts: BundleFacts, *, weights: Arrays, statistics: Arrays) -> Bundle:
    """Write a bundle's facts and weights to `folder` and return it as it is read back."""
    arrays = {name: value.astype(np.float16) for name, value in weights.items()}
    arrays |= {f"{STATISTICS}{name}": value for name, value in statistics.items()}
    packed = save({name: np.array(value, order="C") for name, value in arrays.items()})
    values = facts.to_json() | {"weights_sha256": hashlib.sha256(packed).hexdigest()}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WEIGHTS).write_bytes(packed)
    (folder / FACTS).write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n")
    return load_bundle(folder)


def load_bundle(folder: Path, *, digest: str = "") -> Bundle:
    """Read and verify a bundle from a folder; see `read_bundle`."""
    return read_bundle(lambda name: (folder / name).read_bytes(), digest=digest)


def load_stored_bundle(reference: ModelReference) -> Bundle:
    """Read a bundle from the file store; it must bear this installation's signature.

    Raises:
        ModelIntegrity: signature, digests or facts do not hold.
        FileMissing: the store has no such bundle.
    """

    def read(name: str) -> bytes:
        return storage.read(f"{reference.bundle_key}/{name}")

    try:
        signed = signing.verify(read(SIGNATURE).decode(), salt=signing.Salt.BUNDLE)
    except (signing.ForgedMessage, UnicodeDecodeError) as error:
        raise ModelIntegrity("The signature is not this installation's.") from error
    if signed != reference.digest:
        raise ModelIntegrity("The signature belongs to another bundle.")
    return read_bundle(read, digest=reference.digest)


def read_bundle(read: ReadFile, *, digest: str = "") -> Bundle:
    """Read and verify a bundle's files through `read`.

    Args:
        read: Returns a file's bytes by its name.
        digest: The digest that is expected; "" accepts any.

    Raises:
        ModelIntegrity: a file is not what the digest or the facts say.
    """
    text = read(FACTS)
    found = hashlib.sha256(text).hexdigest()
    if digest and found != digest:
        raise ModelIntegrity(f"{FACTS} has another digest than was asked for.")
    packed = read(WEIGHTS)
    try:
        facts = BundleFacts.from_json(json.loads(text))
        if hashlib.sha256(packed).hexdigest() != facts.weights_sha256:
            raise ModelIntegrity(f"{WEIGHTS} is not what {FACTS} says.")
        arrays = load(packed)
    except (ValueError, KeyError, TypeError, SafetensorError) as error:
        raise ModelIntegrity(f"The bundle cannot be read: {type(error).__name__}.") from error
    statistics = {
        name.removeprefix(STATISTICS): arrays.pop(name)
        for name in list(arrays)
        if name.startswith(STATISTICS)
    }
    return Bundle(facts=facts, weights=arrays, statistics=statistics, digest=found)


def served_bundle(image_kind: str) -> Path:
    """Return the folder of the committed bundle that serves pictures of this kind."""
    for folder in sorted(SERVED.iterdir()):
        if (folder / FACTS).is_file():
            facts = json.loads((folder / FACTS).read_text())
            if facts["image_kind"] == image_kind:
                return folder
    raise FileNotFoundError(f"No committed bundle serves pictures of the kind {image_kind!r}.")
