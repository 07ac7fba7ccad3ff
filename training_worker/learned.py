"""What a bundle learned from, so that nobody judges it on that: looks and subjects, no picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from jobcontract.image_hash import perceptual_hash
from training_worker.groups import SUBJECT
from training_worker.samples import Sample, read_picture

LEARNED = "learned.json"


def write_learned(folder: Path, samples: Sequence[Sample], *, image_kind: str) -> None:
    """Write beside a bundle the subjects it learned from, or the looks where none are named.

    Single cells look alike whoever they are from, and copies of a picture differ in their bytes.
    """
    subjects = {one.group.removeprefix(SUBJECT) for one in samples if SUBJECT in one.group}
    bare = [one for one in samples if SUBJECT not in one.group]
    looks = [] if image_kind == "cell" else [perceptual_hash(read_picture(one)) for one in bare]
    said = {"image_kind": image_kind, "subjects": sorted(subjects), "looks": sorted(set(looks))}
    (folder / LEARNED).write_text(json.dumps(said, indent=0) + "\n")
