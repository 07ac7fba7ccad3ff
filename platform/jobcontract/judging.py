"""What travels when a version is judged or proved. See `messages` for their rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jobcontract.messages import Message, SealedFile

NO_FILE = SealedFile(key="", data_key="")


@dataclass(frozen=True)
class EvaluateModel(Message):
    """Body of one job of EVALUATE_MODEL; `shared` is the ModelReference to judge.

    Of the manifest, the groups are judged that a fine-tuning with the same `seed` holds out;
    with `whole`, all of it. `against` is the reference of a version judged on the same pictures.
    `taught`, sealed like the manifest, teaches the colour-only baseline where the whole manifest is
    judged; its key is empty where there is none. `split` says how the pictures were parted.
    """

    manifest: SealedFile
    output_prefix: str
    name: str = ""
    seed: int = 0
    whole: bool = False
    against: dict[str, Any] = field(default_factory=dict)
    taught: SealedFile = NO_FILE
    split: str = ""


@dataclass(frozen=True)
class EvaluatedModel(Message):
    """Where the reports lie in the store: a JSON list, one for each version."""

    key: str


@dataclass(frozen=True)
class Proof(Message):
    """What a worker said of the known picture, and which worker: a Classification in short."""

    label: str
    scores: dict[str, float]
    worker: str
