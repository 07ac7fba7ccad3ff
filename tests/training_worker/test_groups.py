"""Pictures of one field stay together."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from jobcontract.grouping import group_of
from jobcontract.splits import IMAGE_LEVEL, PATIENT_DISJOINT
from tests.training_worker.drawing import pixels, write_folders
from training_worker.groups import PATIENT, sha256_of, with_groups
from training_worker.samples import folder_samples
from training_worker.splits import kind_of
from training_worker.splitting import TooFewGroups, folds_of, held_out
from training_worker.subgroups import traits_of


def test_a_manifest_names_the_groups(tmp_path: Path) -> None:
    samples = folder_samples(write_folders(tmp_path / "data" / "train", per_class=1))
    rows = [
        f"{hashlib.sha256(sample.path.read_bytes()).hexdigest()},field{index // 2}"
        for index, sample in enumerate(samples)
    ]
    (tmp_path / "manifest.csv").write_text("\n".join(["sha256,group", *rows]))
    assert [s.group for s in with_groups(samples)] == ["field0", "field0", "field1", "field1"]


def test_pictures_to_which_a_manifest_gives_no_group_are_apart(tmp_path: Path) -> None:
    samples = folder_samples(write_folders(tmp_path / "data" / "train", per_class=1))
    digests = [hashlib.sha256(sample.path.read_bytes()).hexdigest() for sample in samples]
    (tmp_path / "manifest.csv").write_text("\n".join(["sha256,group", *map("{},".format, digests)]))
    assert [sample.group for sample in with_groups(samples)] == digests


def test_without_a_manifest_looks_decide(tmp_path: Path) -> None:
    write_folders(tmp_path, per_class=2, size=96)
    original = cv2.imread(str(tmp_path / "Pre" / "000.png"))
    cv2.imwrite(str(tmp_path / "Pre" / "twin.jpg"), original, (cv2.IMWRITE_JPEG_QUALITY, 60))
    groups = {sample.path.name: sample.group for sample in with_groups(folder_samples(tmp_path))
              if sample.path.parent.name == "Pre"}  # fmt: skip
    assert groups["000.png"] == groups["twin.jpg"] != groups["001.png"]


def test_a_manifest_s_patient_comes_before_its_group_and_is_hidden(tmp_path: Path) -> None:
    samples = folder_samples(write_folders(tmp_path / "data" / "train", per_class=1))
    said = ("P-1,g1", "p-1 ,g2", ",g3", "P-2,g1")
    rows = [
        f"{hashlib.sha256(one.path.read_bytes()).hexdigest()},{names}"
        for one, names in zip(samples, said, strict=True)
    ]
    (tmp_path / "manifest.csv").write_text("\n".join(["sha256,patient,group", *rows]))
    groups = [sample.group for sample in with_groups(samples)]
    assert groups[0] == groups[1] == PATIENT + group_of(patient="P-1", case="")
    assert groups[2] == "g3"
    assert len(set(groups)) == 3


def test_single_cells_are_not_joined_by_their_looks(tmp_path: Path) -> None:
    write_folders(tmp_path, per_class=1, size=96)
    original = cv2.imread(str(tmp_path / "Pre" / "000.png"))
    cv2.imwrite(str(tmp_path / "Pre" / "twin.jpg"), original, (cv2.IMWRITE_JPEG_QUALITY, 60))
    samples = folder_samples(tmp_path)
    assert len({one.group for one in with_groups(samples)}) == 4
    assert len({one.group for one in with_groups(samples, image_kind="cell")}) == 5


def test_names_of_cnmc_name_the_subject(tmp_path: Path) -> None:
    samples = folder_samples(write_folders(tmp_path, per_class=1))
    names = ("UID_16_1_1_all", "UID_16_9_2_all", "UID_H10_1_1_hem", "UID_H14_3_2_hem")
    renamed = [
        replace(sample, path=sample.path.rename(sample.path.with_name(f"{name}.png")))
        for sample, name in zip(samples, names, strict=True)
    ]
    groups = [sample.group for sample in with_groups(renamed)]
    assert groups == ["subject 16", "subject 16", "subject H10", "subject H14"]
    assert kind_of(with_groups(renamed)[:2], with_groups(renamed)[2:]) == PATIENT_DISJOINT
    assert kind_of(with_groups(renamed)[:1], with_groups(renamed)[1:]) == IMAGE_LEVEL


def test_patients_of_a_manifest_are_patients_and_their_names_are_hidden(tmp_path: Path) -> None:
    samples = folder_samples(write_folders(tmp_path / "train", per_class=1))
    rows = [f"{sha256_of(one.path)},P-{index // 2}" for index, one in enumerate(samples)]
    (tmp_path / "manifest.csv").write_text("\n".join(["sha256,patient_id", *rows]))
    grouped = with_groups(samples)
    assert kind_of(grouped[:2], grouped[2:]) == PATIENT_DISJOINT
    assert kind_of(grouped[:1], grouped[1:]) == IMAGE_LEVEL
    assert not [one.group for one in grouped if "P-" in one.group]
    assert traits_of(samples) == {}, "no figures are parted by patient"


def test_no_group_is_parted() -> None:
    whole = pixels(20)
    grouped = type(whole)(whole.pictures, whole.labels, np.array([f"{i // 4}" for i in range(80)]))
    for learn, check in folds_of(grouped.labels, grouped.groups, folds=4, seed=0):
        assert not set(grouped.groups[learn]) & set(grouped.groups[check])
        assert len(learn) + len(check) == 80


def test_every_class_is_held_out() -> None:
    whole = pixels(16)
    learn, check = held_out(whole, folds=8, seed=1)
    assert np.bincount(whole.labels[check]).tolist() == [2, 2, 2, 2]
    assert len(learn) == 56


def test_a_small_set_has_fewer_folds() -> None:
    learn, check = held_out(pixels(3), folds=8, seed=0)
    assert (len(learn), len(check)) == (8, 4)


def test_one_group_of_a_class_is_too_few() -> None:
    with pytest.raises(TooFewGroups, match="Received: 1"):
        held_out(pixels(1), folds=8, seed=0)


@pytest.mark.parametrize("healthy", [1, 2])
def test_of_the_few_groups_of_a_class_single_pictures_may_be_held_out(healthy: int) -> None:
    whole = pixels(8)
    people = np.array(
        [f"H{i % healthy}" if label == 0 else f"{i % 4}" for i, label in enumerate(whole.labels)]
    )
    learn, check = held_out(replace(whole, groups=people), folds=4, seed=0, few=True)
    assert len(set(people[learn][whole.labels[learn] == 0])) == healthy
    assert 0 < np.sum(whole.labels[check] == 0) < 8
    ill = whole.labels != 0
    assert not set(people[learn][ill[learn]]) & set(people[check][ill[check]])
