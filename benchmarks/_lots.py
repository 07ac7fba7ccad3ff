"""Parts of a data set that part no group: for a comparison that has minutes, and for the loop."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from training_worker.folds import labelled
from training_worker.groups import sha256_of
from training_worker.samples import Sample
from training_worker.splits import parts_of

FIRST = 0.2
"""Share of the train part that the first model learns from."""


@dataclass(frozen=True)
class Lots:
    """`first` teaches the first model, `later` comes in by uploads, `test` only judges."""

    first: list[Sample]
    later: list[Sample]
    test: list[Sample]


def lots_of(data: Path, *, images: int, test: int, seed: int) -> Lots:
    """Return at most `images` to learn from and `test` to judge on, the classes alike.

    No group is in two lots: what shares one with a picture that judges is left out. Where `images`
    are all that there are, all of them come in, and the classes stay as they are.
    """
    parts = parts_of(data)
    judged = _balanced(parts.scored, count=test, seed=seed)[0]
    apart = {sample.group for sample in judged}
    taught = [sample for sample in parts.train if sample.group not in apart]
    first, rest = _balanced(taught, count=round(FIRST * images), seed=seed)
    gone = {sample.group for sample in first}
    rest = [sample for sample in rest if sample.group not in gone]
    wanted = images - len(first)
    later = rest if wanted >= len(rest) else _balanced(rest, count=wanted, seed=seed + 1)[0]
    return Lots(first, later, judged)


def _balanced(
    samples: Sequence[Sample], *, count: int, seed: int
) -> tuple[list[Sample], list[Sample]]:
    """Return (whole groups of each class until its share of `count` is reached, the rest)."""
    by_group: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        by_group[sample.group].append(sample)
    labels = sorted({sample.label for sample in samples})
    names = sorted(by_group)
    random.Random(seed).shuffle(names)
    had = dict.fromkeys(labels, 0)
    chosen: list[Sample] = []
    rest: list[Sample] = []
    for name in names:
        group = by_group[name]
        label = group[0].label
        if had[label] * len(labels) < count:
            had[label] += len(group)
            chosen += group
        else:
            rest += group
    return chosen, rest


def reduced(data: Path, folder: Path, *, count: int) -> Path:
    """Make a folder per class with some of what is learned from, the classes alike.

    Whole groups are taken until a class has its share of `count`; `manifest.csv` names them.
    """
    chosen = _balanced(labelled(data), count=count, seed=0)[0]
    write_links(folder, chosen)
    with (folder / "manifest.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("sha256", "group"))
        rows.writerows((sha256_of(sample.path), sample.group) for sample in chosen)
    return folder


def cases_of(samples: Sequence[Sample], *, size: int, seed: int) -> list[list[Sample]]:
    """Return cases of about `size` pictures of one class, as of one patient, in random order."""
    by_group: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        by_group[sample.group].append(sample)
    open_ones: dict[str, list[Sample]] = defaultdict(list)
    cases: list[list[Sample]] = []
    for group in by_group.values():
        label = group[0].label
        open_ones[label] += group
        if len(open_ones[label]) >= size:
            cases.append(open_ones.pop(label))
    cases += open_ones.values()
    random.Random(seed).shuffle(cases)
    return cases


def write_links(folder: Path, samples: Sequence[Sample]) -> Path:
    """Make a folder for each class with links to the pictures."""
    for number, sample in enumerate(samples):
        (folder / sample.label).mkdir(parents=True, exist_ok=True)
        link = folder / sample.label / f"{number:05}{sample.path.suffix}"
        if not link.is_symlink():
            link.symlink_to(sample.path.resolve())
    return folder


def as_zip(samples: Sequence[Sample]) -> bytes:
    """Return the pictures as an archive with a folder for each class."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, sample in enumerate(samples):
            name = f"{sample.label}/{number:05}{sample.path.suffix}"
            archive.writestr(name, sample.path.read_bytes())
    return buffer.getvalue()
