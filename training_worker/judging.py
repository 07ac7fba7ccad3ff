"""What a candidate is judged on: the groups held out of its snapshot, and the frozen test set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from inference_worker.bundle import Bundle
from inference_worker.engine import Engine
from jobcontract.messages import SealedFile, TrainingImage
from jobcontract.splits import FROZEN, HELD_OUT
from training_worker.answering import answers_for_inputs
from training_worker.comparing import compared
from training_worker.evaluation import figures
from training_worker.explanation_sanity import explanation_sanity
from training_worker.samples import Pixels, labels_digest
from training_worker.snapshot import snapshot_images, snapshot_pixels
from training_worker.splits import with_apart
from training_worker.verdicts import Verdicts

BESIDE = ("accuracy", "macro_recall", "macro_f1", "ece", "binary")
Frozen = Callable[[Engine], dict[str, Any]]


@dataclass(frozen=True)
class Judgement:
    """Judges a candidate beside the version it is compared with, on the same pictures.

    `checks` are held out of the snapshot's `images`.
    """

    base: Bundle
    checks: Pixels
    images: Sequence[TrainingImage]
    frozen: Frozen

    def figures(self, engine: Engine) -> dict[str, object]:
        checks, groups = self.checks.pictures, list(self.checks.groups)
        found = _figures(engine, self.checks) | {
            "split": with_apart(HELD_OUT, self.images),
            "explanation_sanity": explanation_sanity(engine, checks, groups=groups),
        }
        if _seen_alike(engine, self.base):
            before = _figures(Engine(self.base), self.checks)
            found["serving"] = {name: before[name] for name in BESIDE}
        return found | self.frozen(engine)


def _seen_alike(engine: Engine, base: Bundle) -> bool:
    """Say whether both see the same pixels and tell the same classes apart."""
    names = ("input_size", "preprocessing", "codes")
    return all(getattr(engine.facts, name) == getattr(base.facts, name) for name in names)


def frozen_figures(
    base: Bundle, manifest: SealedFile, *, taught: Sequence[TrainingImage]
) -> Frozen:
    """Return what judges a bundle on the test set, {} where there is none."""
    if not manifest.key:
        return lambda _: {}
    images = snapshot_images(base.facts, manifest)

    def judge(engine: Engine) -> dict[str, Any]:
        pixels = snapshot_pixels(engine.facts, images)
        found = _figures(engine, pixels) | {
            "split": with_apart(FROZEN, [*taught, *images]),
            "digest": labels_digest((one.sha256, one.label) for one in images),
        }
        if engine.facts.codes == base.facts.codes:
            found |= _beside(engine, pixels, base, images)
        return {"frozen": found}

    return judge


def _beside(
    engine: Engine, pixels: Pixels, base: Bundle, images: Sequence[TrainingImage]
) -> dict[str, Any]:
    before = Engine(base)
    theirs = snapshot_pixels(base.facts, images)
    former = _figures(before, theirs)
    told_apart = compared(
        _verdicts(engine, pixels),
        _verdicts(before, theirs),
        codes=base.facts.codes,
        groups=list(pixels.groups),
        digests=[one.sha256 for one in images],
    )
    return {"serving": {name: former[name] for name in BESIDE}, "against_serving": told_apart}


def _verdicts(engine: Engine, pixels: Pixels) -> Verdicts:
    answers = answers_for_inputs(engine, pixels.pictures)
    return Verdicts.of(engine.facts, answers.scores, pixels.labels)


def _figures(engine: Engine, pixels: Pixels) -> dict[str, Any]:
    answers = answers_for_inputs(engine, pixels.pictures)
    return figures(engine, answers, labels=pixels.labels, groups=list(pixels.groups))
