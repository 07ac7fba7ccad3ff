"""The bad-input table as files: each row, its name, its bytes, and what must be answered.

Row numbers are those of the table in the design; rows about requests rather than files are tested
at the API. Files of our own making follow without a row. Nothing here is a real picture.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from jobcontract.image_refusals import REFUSALS
from tests import corpus_parts as parts

ACCEPTED = 202


@dataclass(frozen=True)
class Case:
    """One file and its answer.

    Attributes:
        row: Number in the table, 0 for cases that are not in it.
        code: Refusal, "" where the file is accepted.
        upload_code: Refusal at the upload alone, where the decoder's muttering is heard.
    """

    row: int
    title: str
    make: Callable[[], bytes]
    code: str = ""
    name: str = ""
    upload_code: str = ""
    bomb: bool = False

    @property
    def status(self) -> int:
        code = self.upload_code or self.code
        return REFUSALS[code].status if code else ACCEPTED

    @property
    def id(self) -> str:
        return f"{self.row or 'own'}-{self.title.replace(' ', '-')}"

    def data(self) -> bytes:
        return _made(self.make)


@cache
def _made(make: Callable[[], bytes]) -> bytes:
    return make()


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("run.txt", "hello")
    return packed.getvalue()


def _bad_checksum() -> bytes:
    good = bytearray(parts.png())
    good[-20] ^= 0xFF
    return bytes(good)


def _noise(size: int) -> bytes:
    return np.random.default_rng(1).bytes(size)


def _animated_png() -> bytes:
    return parts.png(before=parts.png_chunk(b"acTL", bytes((0, 0, 0, 2, 0, 0, 0, 0))))


def _grey_rows() -> list[bytes]:
    return [row[:, 0].tobytes() for row in parts.field()]


def _rgba_rows() -> list[bytes]:
    alpha = np.full((64, 96, 1), 128, np.uint8)
    return [row.tobytes() for row in np.concatenate((parts.field(), alpha), axis=2)]


P, J, T = parts.png, parts.jpeg, parts.tiff
HEADER, CHUNK = parts.png_header, parts.png_chunk
TYPE, CORRUPT, LARGE = "unsupported_type", "corrupt_image", "image_too_large"
PIXELS, FRAMES = "unsupported_pixel_format", "multiple_frames"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
DICM = b"DICM\x02\x00\x00\x00UL"
BOMB = 200 * 1024 * 1024

CASES: tuple[Case, ...] = (
    Case(1, "JPEG", J, name="a.jpg"),
    Case(2, "PNG", P, name="a.PNG"),
    Case(3, "TIFF", T, name="a.tif"),
    Case(4, "no bytes", lambda: b"", "empty_file", "a.jpg"),
    Case(5, "one byte", lambda: b"\xff", TYPE, "a.jpg"),
    Case(6, "plain text", lambda: b"Dear doctor, please find", TYPE, "a.jpg"),
    Case(7, "half a JPEG", lambda: J()[: len(J()) // 2], CORRUPT, "a.jpg"),
    Case(8, "JPEG less two bytes", lambda: J()[:-2], CORRUPT, "a.jpg"),
    Case(9, "half a PNG", lambda: P()[: len(P()) // 2], CORRUPT, "a.png"),
    Case(10, "half a TIFF", lambda: T()[: len(T()) // 2], CORRUPT, "a.tif"),
    Case(11, "PNG named JPEG", P, "type_mismatch", "a.jpg"),
    Case(12, "SVG", lambda: SVG, TYPE, "a.svg"),
    Case(13, "SVG named PNG", lambda: SVG, TYPE, "a.png"),
    Case(14, "HTML named JPEG", lambda: HTML, TYPE, "a.jpg"),
    Case(15, "GIF and HTML", lambda: b"GIF89a/*" + HTML, TYPE, "a.jpg"),
    Case(
        16,
        "one-bit bomb",
        lambda: P(
            header=HEADER(20000, 20000, bits=1, colour=0), packed=parts.zeros_packed(50 << 20)
        ),
        LARGE,
        bomb=True,
    ),
    Case(17, "two giga pixels", lambda: P(header=HEADER(65536, 32768)), LARGE, bomb=True),
    Case(18, "no width", lambda: P(header=HEADER(0, 64)), CORRUPT),
    Case(19, "60,000 square", lambda: P(header=HEADER(60000, 60000)), LARGE, bomb=True),
    Case(20, "JPEG 65,500", lambda: parts.jpeg_frame(width=65500, height=65500), LARGE, bomb=True),
    Case(21, "CMYK JPEG", lambda: parts.jpeg_frame(width=96, height=64, components=4), PIXELS),
    Case(22, "grey PNG", lambda: P(rows=_grey_rows(), header=HEADER(96, 64, colour=0))),
    Case(
        23, "16-bit PNG", lambda: P(rows=[bytes(576)] * 64, header=HEADER(96, 64, bits=16)), PIXELS
    ),
    Case(24, "RGBA PNG", lambda: P(rows=_rgba_rows(), header=HEADER(96, 64, colour=6))),
    Case(
        25,
        "palette PNG",
        lambda: P(rows=_grey_rows(), header=HEADER(96, 64, colour=3), before=parts.palette()),
    ),
    Case(
        26,
        "one-bit PNG",
        lambda: P(rows=[bytes(12)] * 64, header=HEADER(96, 64, bits=1, colour=0)),
        PIXELS,
    ),
    Case(27, "animated PNG", _animated_png, FRAMES),
    Case(28, "animated GIF", lambda: b"GIF89a" + _noise(300), TYPE),
    Case(29, "six pages", lambda: T(pages=6), FRAMES),
    Case(
        30,
        "EXIF with a patient",
        lambda: parts.jpeg_with(parts.jpeg_segment(0xE1, b"Exif\0\0" + parts.exif(orientation=6))),
    ),
    Case(31, "PNG text", lambda: P(before=CHUNK(b"tEXt", b"Patient\0" + parts.MARKER.encode()))),
    Case(
        32,
        "zTXt bomb",
        lambda: P(before=CHUNK(b"zTXt", b"a\0\0" + parts.zeros_packed(BOMB))),
        CORRUPT,
        bomb=True,
    ),
    Case(
        33,
        "iCCP bomb",
        lambda: P(before=CHUNK(b"iCCP", b"a\0\0" + parts.zeros_packed(BOMB))),
        CORRUPT,
        bomb=True,
    ),
    Case(34, "JPEG and ZIP", lambda: J() + _zip(), name="a.jpg"),
    Case(35, "JPEG and script", lambda: J() + b"<script>alert(1)</script>", name="a.jpg"),
    Case(36, "wrong checksum", _bad_checksum, CORRUPT),
    Case(37, "pixels of garbage", lambda: P(packed=_noise(5000)), CORRUPT),
    Case(38, "DICOM", lambda: bytes(128) + DICM, TYPE, "a.dcm"),
    Case(39, "DICOM behind a program", lambda: b"MZ" + bytes(126) + DICM, TYPE),
    Case(40, "PDF", lambda: b"%PDF-1.7\n" + _noise(300), TYPE),
    Case(41, "program named PNG", lambda: b"MZ\x90\0" + _noise(300), TYPE, "a.png"),
    Case(42, "HEIC", lambda: b"\0\0\0\x18ftypheic" + _noise(300), TYPE),
    Case(43, "WebP", lambda: parts.encoded(".webp", parts.field()), TYPE),
    Case(44, "BMP", lambda: parts.encoded(".bmp", parts.field()), TYPE),
    Case(45, "JPEG 2000", lambda: parts.encoded(".jp2", parts.field()), TYPE),
    Case(46, "one pixel", lambda: P(rows=[b"\0\0\0"], header=HEADER(1, 1)), "image_too_small"),
    Case(47, "all black", lambda: P(rows=[bytes(288)] * 64)),
    Case(48, "float TIFF", lambda: T(t258=(32, 32, 32), t339=(3, 3, 3)), PIXELS),
    Case(49, "BigTIFF", lambda: b"II+\0\x08\0\0\0" + bytes(64), TYPE, "a.tif"),
    Case(50, "pages in a circle", lambda: T(pages=3, loop=True), CORRUPT),
    Case(51, "TIFF 100,000", lambda: T(t256=100_000, t257=100_000), LARGE, bomb=True),
    Case(52, "gzip named PNG", lambda: gzip.compress(P()), TYPE, "a.png"),
    Case(53, "EPS", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", TYPE, "a.jpg"),
    Case(54, "FITS", lambda: b"SIMPLE  =                    T".ljust(2880), TYPE),
)
