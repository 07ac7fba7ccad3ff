"""Reading training: what a run would learn from, whether it may start, and the runs there are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from hemaqueue.common.errors import Conflict, Missing
from hemaqueue.predictions.classes import class_words
from hemaqueue.registry.models import ModelVersion
from hemaqueue.registry.selectors import NoModelServes, kinds_served, models_serving
from hemaqueue.training.lessons import CONFIRMED_ONLY, Lesson, Sources
from hemaqueue.training.material import material
from hemaqueue.training.models import (
    EPOCHS_USUAL,
    Dataset,
    DatasetSnapshot,
    SnapshotImage,
    TrainingRun,
)
from hemaqueue.training.naming import class_codes

LEAST_GROUPS = 2
"""A class is learned from on one side of the split and checked on the other."""


class NothingGoesOn(NoModelServes):
    """No version serves that could go on learning. Choose a network that begins from nothing."""


class NothingToCompare(Conflict):
    """No version of this kind of image is known to compare with. Register a bundle of this kind."""

    code = "no_version"


@dataclass(frozen=True)
class ClassCount:
    """Images of one class: all, those the serving version has not learned from, and groups."""

    code: str
    total: int
    new: int
    groups: int


@dataclass(frozen=True)
class TrainingPreview:
    """What a run would learn from. `obstacle` is why it may not start, or empty.

    An empty `network`: the serving version goes on learning; where none is `serving`, only a
    network from nothing may. No `snapshot`: what is confirmed now. `seconds` is how long it
    should take, None where no run tells it. `contradicted` counts pictures of the snapshot that
    have another class, too, by now.
    """

    kind: str
    serving: ModelVersion | None
    counts: list[ClassCount]
    minimum: int
    excluded: dict[str, int]
    obstacle: str
    network: str = ""
    snapshot: UUID | None = None
    epochs: int = EPOCHS_USUAL
    seconds: float | None = None
    contradicted: int = 0

    @property
    def new(self) -> int:
        return sum(one.new for one in self.counts)

    @property
    def may_start(self) -> bool:
        return not self.obstacle


def kinds_taught() -> list[str]:
    """Return the kinds of image for which a version serves, or of which a data set is here."""
    here = Dataset.objects.filter(ended_at__isnull=False, discarded_at=None)
    return sorted({*kinds_served(), *here.values_list("kind", flat=True)})


def kind_serving(kind: str) -> ModelVersion | None:
    """Return the version that would go on learning, None where none serves."""
    return models_serving().filter(image_kind=kind).first()


def run_base(kind: str, *, network: str) -> ModelVersion:
    """Return what goes on learning; for a network from nothing the newest version will do.

    Raises:
        NothingGoesOn: no version serves, and no network was named.
        NothingToCompare: a network from nothing has nothing to be compared with.
    """
    if serving := kind_serving(kind):
        return serving
    if not network:
        raise NothingGoesOn
    newest = ModelVersion.objects.filter(image_kind=kind).order_by("-created_at").first()
    if newest is None:
        raise NothingToCompare
    return newest


def training_preview(kind: str, *, sources: Sources = CONFIRMED_ONLY) -> TrainingPreview:
    """Return what would be trained now for images of `kind`."""
    serving = kind_serving(kind)
    classes = list(class_codes(kind))
    found = material(kind, classes=classes, sources=sources)
    counts = class_counts(found.lessons, classes=classes, known=labels_learned(serving))
    minimum = int(settings.HEMAQUEUE["TRAINING_LABELS_PER_CLASS"])
    return TrainingPreview(
        kind=kind,
        serving=serving,
        counts=counts,
        minimum=minimum,
        excluded=dict(Counter(one.reason for one in found.exclusions)),
        obstacle=obstacle(counts, minimum=minimum),
    )


def class_counts(
    lessons: list[Lesson], *, classes: list[str], known: set[int | UUID]
) -> list[ClassCount]:
    """Count each class of the model, those with nothing included."""
    of_class = {code: [one for one in lessons if one.label == code] for code in classes}
    return [
        ClassCount(
            code=code,
            total=len(same),
            new=sum(one.source not in known for one in same),
            groups=len({one.group for one in same}),
        )
        for code, same in of_class.items()
    ]


def obstacle(counts: list[ClassCount], *, minimum: int) -> str:
    """Return in a sentence why a run would be refused, or nothing."""
    few = [one for one in counts if one.total < minimum]
    if few:
        had = ", ".join(f"{class_words(one.code).name} has {one.total}" for one in few)
        return f"Each class needs {minimum} confirmed images: {had}."
    alone = [str(class_words(one.code).name) for one in counts if one.groups < LEAST_GROUPS]
    if alone:
        return f"Each class needs images of {LEAST_GROUPS} patients: {', '.join(alone)} has fewer."
    if not any(one.new for one in counts):
        return "Nothing was confirmed that the serving version has not learned from."
    return ""


def snapshot_obstacle(snapshot: DatasetSnapshot, *, kind: str) -> str:
    """Return in a sentence why nothing may be trained on a snapshot, or nothing."""
    if snapshot.kind != kind:
        return "The snapshot holds another kind of image."
    minimum = int(settings.HEMAQUEUE["TRAINING_LABELS_PER_CLASS"])
    held = snapshot.images.values_list("label", "group").distinct()
    groups = Counter(label for label, _ in held)
    counts = [
        ClassCount(code=code, total=total, new=total, groups=groups[code])
        for code in class_codes(kind)
        for total in [snapshot.counts.get(code, 0)]
    ]
    return obstacle(counts, minimum=minimum)


def seconds_expected(*, kind: str, network: str, images: int, epochs: int) -> float | None:
    """Return how long a run should take, by the last one of its network; None if there is none."""
    runs = run_list().filter(snapshot__kind=kind, network=network).exclude(curve=[])
    for run in runs[:5]:
        last, learned = run.curve[-1], sum(run.snapshot.counts.values())
        if last.get("epoch") and last.get("seconds") and learned:
            return float(last["seconds"]) / last["epoch"] / learned * images * epochs
    return None


def seconds_left(run: TrainingRun) -> float | None:
    """Return what the epochs left of a run that goes on should take, at the pace of those done."""
    job = run.job
    if job is None or job.finished_at is not None:
        return None
    done, spent, due = job.progress.get("epoch"), job.progress.get("seconds"), epochs_due(run)
    if not done or not spent or done >= due:
        return None
    return float(spent) / done * (due - done)


def ended_early(run: TrainingRun) -> int | None:
    """Return the epoch after which learning ended because nothing got better, else None."""
    last, patience = run.curve[-1] if run.curve else {}, run.settings.get("patience")
    if not patience or last.get("since_best", 0) < patience or last["epoch"] >= run.epochs:
        return None
    return int(last["epoch"])


def epochs_due(run: TrainingRun) -> int:
    """Return how many epochs a run does: those asked for, unless it ended early."""
    return ended_early(run) or run.epochs


def labels_learned(version: ModelVersion | None) -> set[int | UUID]:
    """Return the labels in the snapshot a version was made from.

    None of them where there is no version, or where its bundle came from elsewhere.
    """
    if version is None:
        return set()
    seen = SnapshotImage.objects.filter(snapshot__runs__candidate=version)
    pairs = seen.values_list("confirmed_id", "imported_id")
    return {confirmed or imported for confirmed, imported in pairs}


def run_list() -> QuerySet[TrainingRun]:
    """Return the runs, newest first."""
    related = ("snapshot", "base", "requested_by", "job", "candidate")
    return TrainingRun.objects.select_related(*related)


def run_get(pk: UUID) -> TrainingRun:
    run = run_list().filter(pk=pk).first()
    if run is None:
        raise Missing
    return run


def run_live(kind: str) -> TrainingRun | None:
    """Return the run for images of `kind` that has not ended, or None."""
    live = run_list().filter(snapshot__kind=kind, job__finished_at=None)
    return live.exclude(job=None).first()
