"""The small pictures made of the canonical one, and what is said of its quality."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from jobcontract.imaging import (
    canonical_picture,
    overlay_jpeg,
    picture_quality,
    preview_jpeg,
    thumbnail_jpeg,
)
from tests import corpus_parts as parts

REAL = Path(__file__).parents[3] / "shared" / "data"


def decoded(jpeg: bytes) -> NDArray[np.uint8]:
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)


def test_a_preview_keeps_the_shape_and_a_thumbnail_the_middle() -> None:
    wide = parts.field(1600, 800)
    wide[:, :400] = wide[:, 1200:] = (255, 0, 0)
    assert decoded(preview_jpeg(wide)).shape == (640, 1280, 3)
    thumbnail = decoded(thumbnail_jpeg(wide))
    assert thumbnail.shape == (256, 256, 3)
    assert not (thumbnail[:, 3:-3] == (254, 0, 0)).all(axis=2).any()


def test_an_overlay_colours_only_where_the_grid_is_positive() -> None:
    picture = np.full((300, 400, 3), 200, np.uint8)
    grid = np.full((6, 8), -1.0, np.float32)
    grid[:2, :2] = 3.0
    overlay = decoded(overlay_jpeg(picture, grid, opacity=0.6)).astype(int)
    assert overlay.shape == (300, 400, 3)
    assert np.abs(overlay[:50, :50] - 200).max() > 60
    assert np.abs(overlay[150:, 200:] - 200).max() <= 2


@pytest.mark.parametrize("value", [0.0, -1.0, np.nan])
def test_an_overlay_without_evidence_is_the_picture(value: float) -> None:
    picture = cv2.GaussianBlur(parts.field(320, 240), (0, 0), 4)
    overlay = decoded(overlay_jpeg(picture, np.full((7, 7), value, np.float32)))
    assert np.abs(overlay.astype(int) - picture).mean() < 2


def test_an_overlay_is_at_most_640_pixels() -> None:
    overlay = overlay_jpeg(parts.field(1300, 900), np.ones((7, 7), np.float32), opacity=0.5)
    assert max(decoded(overlay).shape) == 640


def noisy(value: int) -> NDArray[np.uint8]:
    noise = np.random.default_rng(0).normal(value, 1, (240, 320, 3))
    return noise.clip(0, 255).astype(np.uint8)


def discs(*, blur: float) -> NDArray[np.uint8]:
    picture = np.full((240, 320, 3), 235, np.uint8)
    for x in range(20, 320, 40):
        cv2.circle(picture, (x, 60 + x // 2), 14, (150, 120, 170), -1)
    return cv2.GaussianBlur(picture, (0, 0), blur)


@pytest.mark.parametrize(
    ("picture", "flags"),
    [
        (np.zeros((240, 320, 3), np.uint8), {"no_content", "under_exposed"}),
        (np.full((240, 320, 3), 255, np.uint8), {"no_content", "over_exposed"}),
        (noisy(200), {"no_content"}),
        ((parts.field(320, 240) * 0.3).astype(np.uint8), {"under_exposed"}),
        (discs(blur=5), {"out_of_focus"}),
        (discs(blur=1), set()),
        (parts.field(320, 240), set()),
        (parts.field(190, 320), {"small"}),
    ],
)
def test_a_flag_names_what_is_wrong(picture: NDArray[np.uint8], flags: set[str]) -> None:
    assert set(picture_quality(picture).flags) == flags


@pytest.mark.skipif(not REAL.is_dir(), reason="real images are not here")
@pytest.mark.parametrize("pattern", ["taleqani_all/val/*/*.jpg", "bccd/val/*/*.jpg"])
def test_no_real_field_is_flagged(pattern: str) -> None:
    paths = sorted(REAL.glob(pattern))[::4]
    flagged = sum(
        bool(picture_quality(canonical_picture(path.read_bytes())).flags) for path in paths
    )
    assert paths
    assert flagged <= len(paths) // 100
