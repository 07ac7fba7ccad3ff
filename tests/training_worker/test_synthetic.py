"""The drawn smears: the same seed draws the same picture, and each looks like a field."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from jobcontract.imaging import canonical_picture, picture_quality
from training_worker.synthetic import FOLDERS, draw_smear, main, write_folder


@pytest.mark.parametrize("label", FOLDERS)
@pytest.mark.parametrize("size", [224, 320, 641])
def test_a_smear_is_a_square_of_bytes(label: str, size: int) -> None:
    picture = draw_smear(label, size=size, rng=np.random.default_rng(1))
    assert (picture.shape, picture.dtype) == ((size, size, 3), np.uint8)


@pytest.mark.parametrize("label", FOLDERS)
def test_no_smear_is_flagged_by_the_quality_check(label: str) -> None:
    for seed in range(12):
        picture = draw_smear(label, rng=np.random.default_rng(seed))
        assert picture_quality(picture).flags == ()


def test_the_same_seed_draws_the_same_picture() -> None:
    one, same, other = (
        draw_smear("Pre-B", size=224, rng=np.random.default_rng(seed)) for seed in (5, 5, 6)
    )
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_every_picture_bears_the_same_mark() -> None:
    corners = [
        draw_smear(label, rng=np.random.default_rng(seed))[-12:, -50:]
        for seed, label in enumerate(FOLDERS)
    ]
    assert all(np.array_equal(corner, corners[0]) for corner in corners)
    assert corners[0].min() < 80
    assert corners[0].max() == 255


def test_a_larger_folder_begins_with_the_smaller_one(tmp_path: Path) -> None:
    few = write_folder(tmp_path / "few", per_class=1, seed=3, size=96)
    many = write_folder(tmp_path / "many", per_class=2, seed=3, size=96)
    assert [path.parent.name for path in few] == list(FOLDERS.values())
    assert [path.read_bytes() for path in few] == [path.read_bytes() for path in many[::2]]


@pytest.mark.parametrize("format", ["jpg", "png", "tif"])
def test_what_is_written_can_be_uploaded(tmp_path: Path, format: str) -> None:
    for path in write_folder(tmp_path, per_class=1, seed=3, size=128, format=format):
        picture = canonical_picture(path.read_bytes(), name=path.name)
        assert picture.shape == (128, 128, 3)


def test_the_command_writes_a_folder_per_class(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), "--per-class", "2", "--seed", "1", "--size", "96"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FOLDERS.values())
    assert capsys.readouterr().out.startswith("8 pictures in ")


def test_a_picture_too_small_for_a_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="Received: 63"):
        draw_smear("benign", size=63, rng=np.random.default_rng(0))


def test_colour_does_not_give_the_class_away() -> None:
    """The classes' mean colours lie within one deviation of each other."""
    means = np.array(
        [
            [
                draw_smear(label, size=128, rng=np.random.default_rng((n, i))).mean(axis=(0, 1))
                for i in range(24)
            ]
            for n, label in enumerate(FOLDERS)
        ]
    )
    spread = means.std(axis=1).mean(axis=0)
    assert (np.ptp(means.mean(axis=1), axis=0) < spread).all()
