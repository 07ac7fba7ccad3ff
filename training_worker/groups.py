"""Pictures that overlap in the field belong together: a split may never part them.

Where all file names bear a subject, as those of C-NMC do, the subject is the group. Else groups
come from a `manifest.csv` near the pictures where there is one (column sha256, and patient or
subject, else group; a picture without any is a group of its own), else from their looks.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from jobcontract.grouping import Item, group_of, groups_joined
from jobcontract.image_hash import perceptual_hash
from jobcontract.traits import SUBJECTS
from training_worker.samples import Sample, read_picture

SUBJECT_NAME = re.compile(r"UID_(?P<subject>\w+?)_\d+_\d+_(all|hem)", re.IGNORECASE)
"""A file of C-NMC: subject, field, cell, and whether the subject has ALL."""

SUBJECT = "subject "
PATIENT = "patient "
"""So begins a group that a manifest's patient makes; the name itself is hidden."""

LEVELS_UP = 3
"""How many folders above the pictures' folder a manifest is looked for."""


def with_groups(samples: Sequence[Sample], *, image_kind: str = "field") -> list[Sample]:
    """Return the samples with their groups: subjects, those of a manifest, or by their looks."""
    subjects = [SUBJECT_NAME.fullmatch(sample.path.stem) for sample in samples]
    if all(subjects):
        return [
            replace(sample, group=f"{SUBJECT}{found['subject']}")
            for sample, found in zip(samples, subjects, strict=True)
            if found
        ]
    known = manifest_rows(samples[0].path)
    if not known:
        return _by_looks(samples, image_kind=image_kind)
    digests = [sha256_of(sample.path) for sample in samples]
    return [
        replace(sample, group=_named(known.get(digest, {})) or digest)
        for sample, digest in zip(samples, digests, strict=True)
    ]


def _named(row: dict[str, str]) -> str:
    """Return the group that a row of a manifest names: its patient, hidden, else its own group."""
    subject = next((row[one] for one in SUBJECTS if row.get(one)), "").strip()
    if not subject:
        return row.get("group") or ""
    return f"{PATIENT}{group_of(patient=subject, case='')}"


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def manifest_rows(path: Path) -> dict[str, dict[str, str]]:
    """Return the rows of the manifest near a picture by SHA-256; {} where there is none."""
    for folder in list(path.parents)[: LEVELS_UP + 1]:
        manifest = folder / "manifest.csv"
        if manifest.is_file():
            with manifest.open(newline="") as file:
                return {row["sha256"]: row for row in csv.DictReader(file)}
    return {}


def _by_looks(samples: Sequence[Sample], *, image_kind: str) -> list[Sample]:
    items = [
        Item(sha256_of(sample.path), perceptual_hash(read_picture(sample))) for sample in samples
    ]
    groups = groups_joined(items, kind=image_kind)
    return [replace(sample, group=group) for sample, group in zip(samples, groups, strict=True)]
