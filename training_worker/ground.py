"""What a run on a snapshot starts from: the version that serves, or a network with no weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inference_worker.bundle import Bundle, BundleFacts, Thresholds
from inference_worker.networks import all_parameters
from inference_worker.rebuild import rebuild
from jobcontract.messages import FineTuneModel, TrainingImage
from jobcontract.reporting import WorkFailed
from training_worker.boxes import PEOPLE, drawn_targets
from training_worker.plan import Plan
from training_worker.recipes import BENIGN_EXTRA, ours, recipe_of
from training_worker.refusals import require_network
from training_worker.samples import Pixels, class_counts, labels_digest
from training_worker.settings import TrainingSettings
from training_worker.splits import apart
from training_worker.targets import with_targets
from training_worker.versions import code_version

if TYPE_CHECKING:
    import keras

CHANGES = ("learning_rate", "batch_size", "patience")
UNDECIDED = Thresholds(decision=0.5, abstain=0.0, out_of_distribution=1e9)


@dataclass(frozen=True)
class Ground:
    """`facts` are those of the candidate, as far as they are known before it has learned."""

    facts: BundleFacts
    settings: TrainingSettings
    start: Bundle | Plan

    def model(self) -> keras.Model:
        """Return the network with the weights it starts from."""
        return self.start.model() if isinstance(self.start, Plan) else rebuild(self.start)

    def taught(self, pixels: Pixels, images: Sequence[TrainingImage]) -> Pixels:
        """Return the pictures with what this network learns besides the class."""
        if self.facts.network == "boxnet":
            drawn = [one.boxes for one in images]
            return pixels.with_targets(drawn_targets(pixels.pictures, drawn))
        return with_targets(self.facts.network, (), pixels)


def ground_of(base: Bundle, asked: FineTuneModel) -> Ground:
    """Return what a run starts from.

    Raises:
        WorkFailed: `unknown_network` or `bad_settings`.
    """
    changed = {name: asked.settings[name] for name in CHANGES if asked.settings.get(name)}
    try:
        return _from_nothing(base, asked, changed) if asked.network else _on(base, asked, changed)
    except TypeError as error:
        raise WorkFailed("bad_settings", f"The settings do not fit: {error}") from error


def _on(base: Bundle, asked: FineTuneModel, changed: dict[str, Any]) -> Ground:
    usual: dict[str, Any] = {"batch_size": 16, "learning_rate": 2e-4}
    settings = TrainingSettings(
        epochs=asked.epochs,
        warm_up=0.1,
        seed=asked.seed,
        recipe=ours(base.facts.image_kind),
        **(usual | changed),
    )
    facts = replace(
        base.facts,
        name=f"{base.facts.name}-candidate",
        training={"goes_on_from": asked.base or base.facts.name},
        code_version=code_version(),
    )
    return Ground(facts, settings, base)


def _from_nothing(base: Bundle, asked: FineTuneModel, changed: dict[str, Any]) -> Ground:
    try:
        require_network(asked.network)
    except ValueError as error:
        raise WorkFailed("unknown_network", str(error)) from error
    kind = base.facts.image_kind
    recipe = recipe_of(asked.network, image_kind=kind)
    settings = TrainingSettings(
        epochs=asked.epochs,
        class_weights=BENIGN_EXTRA,
        seed=asked.seed,
        recipe=recipe.augmentation,
        **(recipe.settings | changed),
    )
    plan = Plan(
        data=Path(),
        network=asked.network,
        input_size=int(asked.settings.get("input_size") or recipe.input_size),
        image_kind=kind,
        preprocessing=recipe.preprocessing,
        settings=settings,
    )
    return Ground(_fresh_facts(plan, base), settings, plan)


def _fresh_facts(plan: Plan, base: Bundle) -> BundleFacts:
    return BundleFacts(
        name=f"{plan.network}-candidate",
        network=plan.network,
        parameters=all_parameters(plan.network, plan.given_parameters),
        input_size=plan.input_size,
        preprocessing=plan.preprocessing,
        image_kind=plan.image_kind,
        classes=plan.classes,
        temperature=1.0,
        thresholds=UNDECIDED,
        demonstration=base.facts.demonstration,
        training={"from_nothing": True},
        code_version=code_version(),
    )


def dataset_facts(
    ground: Ground, base: Bundle, images: Sequence[TrainingImage], *, sides: dict[str, Pixels]
) -> dict[str, Any]:
    """Return what the candidate's facts say of the snapshot.

    `judged_beside` is the version of the run; it is the `parent`, too, where its weights were
    taken over. Each of the `sides` is told with its pictures by class.
    """
    lineage = {"judged_beside": base.digest}
    if isinstance(ground.start, Bundle):
        lineage["parent"] = base.digest
    return {
        "digest": labels_digest((one.sha256, one.label) for one in images),
        "images": len(images),
        "groups": len({one.group for one in images}),
        **{name: class_counts(pixels, ground.facts.codes) for name, pixels in sides.items()},
        **{f"{trait}s": _counted(images, trait) for trait in ("source", "site", "stain")},
        "apart": apart(images),
        **lineage,
    }


def _counted(images: Sequence[TrainingImage], trait: str) -> dict[str, int]:
    return dict(Counter(value for one in images if (value := one.origin.get(trait))))


def teachers_of(network: str, images: Sequence[TrainingImage]) -> dict[str, Any]:
    """Return who taught boxes and outlines: people, or the classical segmentation."""
    if network == "boxnet":
        people = sum(bool(one.boxes) for one in images)
        return {"boxes": {PEOPLE: people, "pseudo": len(images) - people}}
    return {"outlines": "learned from regions, not from people"} if network == "unet" else {}
