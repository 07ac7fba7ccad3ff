"""Files that the table does not name and a hostile or broken program may send all the same."""

from __future__ import annotations

import struct
import zlib

from tests import corpus_parts as parts
from tests.corpus import BOMB, CORRUPT, FRAMES, HEADER, PIXELS, TYPE, Case, J, P, T

CHUNK = parts.png_chunk
SEGMENT = parts.jpeg_segment


def _many_text_bombs() -> bytes:
    body = b"a\0\0" + parts.zeros_packed(4 << 20)
    return P(before=CHUNK(b"zTXt", body) * 2000)


def _many_scans() -> bytes:
    good = J(progressive=True)
    start = good.rindex(b"\xff\xda")
    return good[:start] + good[start:-2] * 200 + b"\xff\xd9"


def _scan_cut_short() -> bytes:
    """A JPEG whose pixels stop half-way, with a proper end after them."""
    return J()[: len(J()) // 2] + b"\xff\xd9"


def _damaged_strip() -> bytes:
    """A TIFF that unpacks to nonsense half-way, as libtiff notices and OpenCV does not tell."""
    packed = zlib.compress(parts.field().tobytes())
    half = len(packed) // 2
    return T(t259=8, pixels=packed[:half] + bytes(range(256)) * (half // 256))


def _huge_chunk() -> bytes:
    return (
        parts.PNG_SIGNATURE + HEADER(96, 64) + struct.pack(">I4s", 2**31 - 1, b"IDAT") + bytes(50)
    )


def _private_tag() -> bytes:
    return T(t315=tuple(parts.MARKER.encode()), t34665=8)


HOSTILE: tuple[Case, ...] = (
    Case(0, "scan cut short", _scan_cut_short, upload_code=CORRUPT),
    Case(0, "damaged strip", _damaged_strip, upload_code=CORRUPT),
    Case(0, "progressive JPEG", lambda: J(progressive=True)),
    Case(0, "two hundred scans", _many_scans, CORRUPT),
    Case(0, "12-bit JPEG", lambda: parts.jpeg_frame(width=96, height=64, bits=12), PIXELS),
    Case(0, "lossless JPEG", lambda: parts.jpeg_frame(width=96, height=64, marker=0xC3), PIXELS),
    Case(
        0, "JPEG of nothing but comments", lambda: b"\xff\xd8" + SEGMENT(0xFE, b"") * 90000, CORRUPT
    ),
    Case(0, "JPEG of nothing but fill bytes", lambda: b"\xff\xd8" + b"\xff" * 2_000_000, CORRUPT),
    Case(0, "JPEG that is only a start", lambda: b"\xff\xd8\xff", CORRUPT),
    Case(0, "JPEG with a second picture inside", lambda: parts.jpeg_with(SEGMENT(0xE2, J()))),
    Case(
        0,
        "EXIF that lies",
        lambda: parts.jpeg_with(SEGMENT(0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff")),
    ),
    Case(
        0,
        "EXIF with orientation 99",
        lambda: parts.jpeg_with(SEGMENT(0xE1, b"Exif\0\0" + parts.exif(orientation=99))),
    ),
    Case(0, "thousands of text bombs", _many_text_bombs, CORRUPT, bomb=True),
    Case(
        0,
        "iTXt bomb",
        lambda: P(before=CHUNK(b"iTXt", b"a\0\1\0\0\0" + parts.zeros_packed(BOMB // 4))),
        CORRUPT,
        bomb=True,
    ),
    Case(0, "chunk longer than the file", _huge_chunk, CORRUPT),
    Case(
        0,
        "PNG without pixels",
        lambda: parts.PNG_SIGNATURE + HEADER(96, 64) + CHUNK(b"IEND", b""),
        CORRUPT,
    ),
    Case(0, "PNG without an end", lambda: P(end=b""), CORRUPT),
    Case(0, "PNG of a colour type 5", lambda: P(header=HEADER(96, 64, colour=5)), CORRUPT),
    Case(0, "palette picture without palette", lambda: P(header=HEADER(96, 64, colour=3)), CORRUPT),
    Case(0, "damaged PNG signature", lambda: b"\x89PNG\n\n\x1a\n" + P()[8:], CORRUPT),
    Case(0, "too many pixels for the rows", lambda: P(header=HEADER(4000, 4000)), CORRUPT),
    Case(0, "PNG with trailing bytes", lambda: P() + b"<script>"),
    Case(0, "big-endian TIFF", lambda: T(order=">"), name="a.tiff"),
    Case(0, "TIFF with private words", _private_tag),
    Case(0, "TIFF strip outside the file", lambda: T(t273=10**9), CORRUPT),
    Case(0, "TIFF of four billion rows a strip", lambda: T(t278=2**32 - 1)),
    Case(0, "TIFF without strips", lambda: T(t279=0), CORRUPT),
    Case(0, "CMYK TIFF", lambda: T(t262=5, t277=4, t258=(8, 8, 8, 8)), PIXELS),
    Case(0, "16-bit TIFF", lambda: T(t258=(16, 16, 16)), PIXELS),
    Case(0, "TIFF packed with an unknown code", lambda: T(t259=50001), PIXELS),
    Case(0, "TIFF that names deflate and is not", lambda: T(t259=8), upload_code=CORRUPT),
    Case(
        0, "TIFF whose directory is outside", lambda: b"II*\0\xff\xff\xff\x7f" + bytes(50), CORRUPT
    ),
    Case(0, "two pages", lambda: T(pages=2), FRAMES),
    Case(0, "DICOM behind a TIFF", lambda: T()[:128] + b"DICM" + T()[132:], TYPE),
    Case(0, "ZIP", lambda: b"PK\x03\x04" + bytes(60), TYPE, "a.zip"),
    Case(0, "JPEG named PDF", J, "type_mismatch", "a.pdf"),
    Case(0, "JPEG without an extension", J, name="field 12"),
    Case(0, "JPEG named with a number", J, name="slide.012"),
)
