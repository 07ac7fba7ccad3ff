"""Trainer and worker see the same pixels, bit for bit."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from inference_worker.bundle import Bundle
from inference_worker.preprocessing import SCALE_BAR_SHARE, preprocess, without_scale_bar
from inference_worker.reading import read_input
from jobcontract.messages import SealedFile
from tests.inference_worker.making import SIZE, noise
from training_worker.samples import Sample, read_pixels


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif"])
def test_trainer_and_worker_see_the_same_pixels(
    bundle: Bundle, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"one{suffix}"
    cv2.imwrite(str(path), noise(1, size=113)[0])
    facts = bundle.facts
    served = read_input(facts, SealedFile("k", ""), read=lambda _: path.read_bytes())
    trained = read_pixels(
        [Sample(path, "benign")],
        codes=facts.codes,
        steps=facts.preprocessing,
        size=facts.input_size,
    )
    assert np.array_equal(trained.pictures[0], served)


@pytest.mark.parametrize("shape", [(224, 224), (480, 640), (20, 31)])
def test_any_field_becomes_a_square(shape: tuple[int, int]) -> None:
    picture = np.full((*shape, 3), 90, np.uint8)
    made = preprocess(picture, steps="p1", size=SIZE)
    assert made.shape == (SIZE, SIZE, 3)
    assert made.dtype == np.uint8
    assert (made == 90).all()


def test_the_scale_bar_leaves_no_trace() -> None:
    field = np.full((200, 200, 3), 180, np.uint8)
    marked = field.copy()
    side = round(200 * SCALE_BAR_SHARE)
    marked[-side + 4 :, -side + 4 :] = 0
    gap = np.abs(without_scale_bar(marked).astype(int) - without_scale_bar(field))
    assert gap[:-side].max() == 0
    assert gap.max() <= 4, "only the mean colour that fills the corner moves, by little"


def test_the_given_picture_is_not_changed() -> None:
    picture = noise(1, size=64)[0]
    before = picture.copy()
    preprocess(picture, steps="p1", size=SIZE)
    assert np.array_equal(picture, before)
