"""What is written of the pictures a bundle learned from: looks or subjects, never a path."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2

from jobcontract.image_hash import perceptual_hash
from jobcontract.imaging import canonical_picture
from tests.training_worker.drawing import draw, write_folders
from training_worker.folds import labelled
from training_worker.learned import LEARNED, write_learned
from training_worker.recipes import classes_of


def written(data: Path, *, kind: str) -> dict[str, Any]:
    samples = labelled(data, classes=classes_of("smearnet", image_kind=kind))
    write_learned(data, samples, image_kind=kind)
    return dict(json.loads((data / LEARNED).read_text()))


def test_fields_are_known_by_their_looks(tmp_path: Path) -> None:
    data = write_folders(tmp_path, per_class=2)
    files = [path.read_bytes() for path in sorted(data.rglob("*.png"))]
    looks = {perceptual_hash(canonical_picture(one)) for one in files}
    assert written(data, kind="field") == {
        "image_kind": "field", "subjects": [], "looks": sorted(looks),
    }  # fmt: skip


def test_cells_are_known_by_their_subjects(tmp_path: Path) -> None:
    for folder, names in {"ALL": ("7_1_1_all", "7_2_1_all"), "Normal": ("H3_1_1_hem",)}.items():
        (tmp_path / folder).mkdir()
        for number, name in enumerate(names):
            path = tmp_path / folder / f"UID_{name}.png"
            cv2.imwrite(str(path), draw(number, seed=number))
    assert written(tmp_path, kind="cell") == {
        "image_kind": "cell", "subjects": ["7", "H3"], "looks": [],
    }  # fmt: skip
