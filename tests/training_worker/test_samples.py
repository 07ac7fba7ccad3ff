"""Folders name classes in many ways; what is in them is read as it is served."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobcontract.splits import FIELD_DISJOINT, IMAGE_LEVEL, UNKNOWN
from tests.training_worker.drawing import write_folders
from training_worker.samples import NoPictures, folder_samples, samples_digest, split_folders
from training_worker.splits import parts_of


def test_folders_are_read_by_their_names(tmp_path: Path) -> None:
    write_folders(tmp_path, per_class=2)
    (tmp_path / "notes").mkdir()
    (tmp_path / "Benign" / "notes.txt").write_text("not a picture")
    labels = [sample.label for sample in folder_samples(tmp_path)]
    assert labels == [c for c in ("benign", "early_pre_b", "pre_b", "pro_b") for _ in range(2)]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoPictures):
        folder_samples(tmp_path)


def test_train_and_val_are_found(tmp_path: Path) -> None:
    assert split_folders(tmp_path) == (None, tmp_path)
    for name in ("train", "val"):
        (tmp_path / name).mkdir()
    assert split_folders(tmp_path) == (tmp_path / "train", tmp_path / "val")


def test_the_digest_is_of_contents_and_labels(tmp_path: Path) -> None:
    one = folder_samples(write_folders(tmp_path / "one", per_class=2))
    same = folder_samples(write_folders(tmp_path / "same", per_class=2))
    other = folder_samples(write_folders(tmp_path / "other", per_class=2, seed=1))
    assert samples_digest(one) == samples_digest(list(reversed(same))) != samples_digest(other)


def test_parts_say_how_they_were_parted(tmp_path: Path) -> None:
    write_folders(tmp_path / "train", per_class=3)
    write_folders(tmp_path / "val", per_class=2, seed=1)
    parts = parts_of(tmp_path)
    assert (len(parts.train), len(parts.scored), parts.kind) == (12, 8, FIELD_DISJOINT)
    copy = tmp_path / "train" / "Pre" / "twin.png"
    copy.write_bytes((tmp_path / "val" / "Pre" / "000.png").read_bytes())
    assert parts_of(tmp_path).kind == IMAGE_LEVEL
    assert parts_of(tmp_path / "val").kind == UNKNOWN
