"""The canonical picture, pixel for pixel, and the small pictures made of it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from jobcontract.imaging import (
    REFUSALS,
    ImageRefused,
    canonical_picture,
    read_header,
)
from tests import corpus_parts as parts

FIELD = parts.field()
GREY = FIELD[..., 0]
ALPHA = np.tile(np.linspace(0, 255, 96).astype(np.uint8), (64, 1))
ROOT = Path(__file__).parents[2]


def rows(*planes: NDArray[np.uint8]) -> list[bytes]:
    return [row.tobytes() for row in np.dstack(planes)]


def on_white(picture: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    share = alpha[..., np.newaxis] / 255
    return np.rint(picture * share + 255 * (1 - share)).astype(np.uint8)


def grey_rgb(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.dstack([grey] * 3)


def png(planes: tuple[NDArray[np.uint8], ...], *, colour: int, before: bytes = b"") -> bytes:
    header = parts.png_header(96, 64, colour=colour)
    return parts.png(rows=rows(*planes), header=header, before=before)


RGBA_TIFF = {"t277": 4, "t258": (8, 8, 8, 8)}
GREY_TIFF = {"t277": 1, "t258": 8}
MIXED = np.dstack([FIELD, ALPHA])
MULTIPLIED = np.dstack([np.rint(FIELD * (ALPHA[..., None] / 255)).astype(np.uint8), ALPHA])

GOLDEN = {
    "RGB PNG": (parts.png(), FIELD),
    "grey PNG": (png((GREY,), colour=0), grey_rgb(GREY)),
    "grey PNG with alpha": (png((GREY, ALPHA), colour=4), on_white(grey_rgb(GREY), ALPHA)),
    "RGBA PNG": (png((FIELD, ALPHA), colour=6), on_white(FIELD, ALPHA)),
    "palette PNG": (
        png((GREY,), colour=3, before=parts.palette()),
        np.dstack([GREY, 255 - GREY, np.full_like(GREY, 9)]),
    ),
    "palette PNG with alpha": (
        png(
            (GREY,), colour=3, before=parts.palette() + parts.png_chunk(b"tRNS", bytes(range(256)))
        ),
        on_white(np.dstack([GREY, 255 - GREY, np.full_like(GREY, 9)]), GREY),
    ),
    "grey PNG with one clear level": (
        png((GREY,), colour=0, before=parts.png_chunk(b"tRNS", b"\0\x80")),
        grey_rgb(np.where(GREY == 128, 255, GREY).astype(np.uint8)),
    ),
    "RGB TIFF": (parts.tiff(), FIELD),
    "big-endian TIFF": (parts.tiff(order=">"), FIELD),
    "grey TIFF": (parts.tiff(pixels=GREY.tobytes(), t262=1, **GREY_TIFF), grey_rgb(GREY)),
    "inverted TIFF": (parts.tiff(pixels=GREY.tobytes(), t262=0, **GREY_TIFF), grey_rgb(255 - GREY)),
    "RGBA TIFF": (parts.tiff(pixels=MIXED.tobytes(), t338=2, **RGBA_TIFF), on_white(FIELD, ALPHA)),
    "premultiplied TIFF": (
        parts.tiff(pixels=MULTIPLIED.tobytes(), t338=1, **RGBA_TIFF),
        on_white(FIELD, ALPHA),
    ),
    "LZW TIFF": (parts.encoded(".tif", FIELD), FIELD),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_every_mode_becomes_the_same_rgb(name: str) -> None:
    data, expected = GOLDEN[name]
    picture = canonical_picture(data)
    assert picture.flags.c_contiguous
    # Premultiplied storage has rounded once already.
    assert np.abs(picture.astype(int) - expected).max() <= (1 if "TIFF" in name else 0)


def test_a_jpeg_is_what_libjpeg_makes_of_it() -> None:
    data = parts.jpeg()
    plain = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    assert np.array_equal(canonical_picture(data), plain)


@pytest.mark.parametrize(
    ("orientation", "stored"),
    [
        (1, lambda upright: upright),
        (2, lambda upright: upright[:, ::-1]),
        (3, lambda upright: upright[::-1, ::-1]),
        (4, lambda upright: upright[::-1]),
        (5, lambda upright: upright.transpose(1, 0, 2)),
        (6, lambda upright: np.rot90(upright)),
        (7, lambda upright: upright[::-1, ::-1].transpose(1, 0, 2)),
        (8, lambda upright: np.rot90(upright, -1)),
    ],
)
def test_a_picture_stands_upright_whichever_way_it_was_stored(orientation: int, stored) -> None:
    turned = np.ascontiguousarray(stored(FIELD))
    exif = parts.png_chunk(b"eXIf", parts.exif(orientation=orientation))
    header = parts.png_header(turned.shape[1], turned.shape[0])
    data = parts.png(rows=rows(turned), header=header, before=exif)
    assert np.array_equal(canonical_picture(data), FIELD)
    assert read_header(data).upright_size == (96, 64)
    tiff = parts.tiff(
        pixels=turned.tobytes(),
        t256=turned.shape[1],
        t257=turned.shape[0],
        t278=turned.shape[0],
        t274=orientation,
    )
    assert np.array_equal(canonical_picture(tiff), FIELD)


def test_what_reaches_the_decoder_holds_no_metadata() -> None:
    exif = b"Exif\0\0" + parts.exif()
    jpeg = parts.jpeg_with(parts.jpeg_segment(0xE1, exif), parts.jpeg_segment(0xFE, exif))
    png = parts.png(before=parts.png_chunk(b"tEXt", b"a\0" + parts.MARKER.encode()))
    for data in (jpeg + parts.MARKER.encode(), png + parts.MARKER.encode()):
        assert parts.MARKER.encode() not in read_header(data).decodable


def test_every_refusal_says_what_to_do_next() -> None:
    for code, refusal in REFUSALS.items():
        assert refusal.status in (413, 415, 422)
        assert refusal.advice.endswith(".")
        assert code == code.lower()
    refused = ImageRefused("unsupported_type", "This looks like a PDF document.")
    assert str(refused) == "This looks like a PDF document. Send JPEG, PNG or TIFF."


def test_the_canonicaliser_needs_no_django_no_tensorflow_and_no_pillow() -> None:
    code = (
        "import sys, jobcontract.imaging; print({'django', 'tensorflow', 'PIL'} & {*sys.modules})"
    )
    run = subprocess.run(
        (sys.executable, "-c", code),
        env={"PYTHONPATH": str(ROOT / "platform")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "set()\n"


def test_the_same_file_gives_the_same_picture_in_every_process() -> None:
    """What training saw is what serving sees: this digest may never change."""
    picture = canonical_picture(parts.png())
    assert (
        hashlib.sha256(picture.tobytes()).hexdigest() == hashlib.sha256(FIELD.tobytes()).hexdigest()
    )
