"""Builds image files byte by byte, right or wrong as asked, without an image library's help."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MARKER = "PATIENT-CANARY-7731"


def field(width: int = 96, height: int = 64, *, seed: int = 3) -> NDArray[np.uint8]:
    """Return soft coloured noise as uint8 RGB of shape `(height, width, 3)`."""
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.uniform(0, 255, (height, width, 3)), (0, 0), 2)
    return cv2.normalize(noise, None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8)


def encoded(extension: str, picture: NDArray, *options: int) -> bytes:
    """Return a picture as OpenCV writes it; three channels are taken as RGB."""
    if picture.ndim == 3 and picture.shape[2] == 3:
        picture = picture[..., ::-1]
    _, data = cv2.imencode(extension, picture, options)
    return data.tobytes()


def jpeg(*, progressive: bool = False, quality: int = 95, width: int = 96) -> bytes:
    options = (cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_PROGRESSIVE, int(progressive))
    return encoded(".jpg", field(width), *options)


def jpeg_segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def jpeg_with(*segments: bytes) -> bytes:
    """Return a good JPEG with more segments after its start."""
    good = jpeg()
    return good[:2] + b"".join(segments) + good[2:]


def jpeg_frame(
    *, width: int, height: int, bits: int = 8, components: int = 3, marker: int = 0xC0
) -> bytes:
    """Return a good JPEG whose frame header is exchanged for another."""
    good = jpeg()
    start = good.index(b"\xff\xc0")
    length = int.from_bytes(good[start + 2 : start + 4], "big")
    body = struct.pack(">BHHB", bits, height, width, components)
    body += b"".join(bytes((number, 0x11, 0)) for number in range(1, components + 1))
    return good[:start] + jpeg_segment(marker, body) + good[start + 2 + length :]


def exif(*, orientation: int = 1, text: str = MARKER) -> bytes:
    """Return an EXIF block with an orientation, a description and a position."""
    words = text.encode() + b"\0"
    fields = [
        struct.pack("<HHII", 0x010E, 2, len(words), 62),
        struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0),
        struct.pack("<HHII", 0x8769, 4, 1, 62 + len(words)),
        struct.pack("<HHII", 0x8825, 4, 1, 62 + len(words)),
    ]
    directory = struct.pack("<H", len(fields)) + b"".join(fields) + bytes(4)
    block = b"II*\0" + struct.pack("<I", 8) + directory
    return block + words + b"\0\0" + bytes(4)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_header(width: int, height: int, *, bits: int = 8, colour: int = 2, lace: int = 0) -> bytes:
    return png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, lace))


def png(
    *,
    rows: Iterable[bytes] | None = None,
    header: bytes = b"",
    before: bytes = b"",
    packed: bytes | None = None,
    end: bytes | None = None,
) -> bytes:
    """Return a PNG; what is not given is that of a good picture of 96 by 64 pixels.

    Args:
        rows: Raw rows without filter bytes.
        before: Chunks between the header and the pixels.
        packed: The pixels' compressed bytes, instead of `rows`.
    """
    if packed is None:
        rows = rows if rows is not None else (row.tobytes() for row in field())
        packed = zlib.compress(b"".join(b"\0" + row for row in rows))
    pixels = png_chunk(b"IDAT", packed)
    end = png_chunk(b"IEND", b"") if end is None else end
    return PNG_SIGNATURE + (header or png_header(96, 64)) + before + pixels + end


def zeros_packed(size: int) -> bytes:
    """Return so many zero bytes as a zlib stream, made a piece at a time."""
    packer = zlib.compressobj(9)
    whole, rest = divmod(size, 1 << 20)
    pieces = [packer.compress(bytes(1 << 20)) for _ in range(whole)]
    return b"".join((*pieces, packer.compress(bytes(rest)), packer.flush()))


def palette(entries: int = 256) -> bytes:
    """Return a palette chunk that runs from green to red."""
    colours = (value for entry in range(entries) for value in (entry, 255 - entry, 9))
    return png_chunk(b"PLTE", bytes(colours))


def tiff(
    *,
    pages: int = 1,
    order: str = "<",
    loop: bool = False,
    pixels: bytes | None = None,
    **tags: int | tuple[int, ...],
) -> bytes:
    """Return an uncompressed TIFF of 96 by 64 RGB pixels; `t258=16` sets tag 258, and so on."""
    pixels = field().tobytes() if pixels is None else pixels
    values = {256: 96, 257: 64, 258: (8, 8, 8), 259: 1, 262: 2, 273: 8, 277: 3, 278: 64}
    values |= {279: len(pixels)} | {int(name[1:]): value for name, value in tags.items()}
    data = bytearray((b"II*\0" if order == "<" else b"MM\0*") + bytes(4) + pixels)
    link, first = 4, 0
    for _ in range(pages):
        offset = _tiff_directory(data, order=order, values=values)
        data[link : link + 4] = struct.pack(order + "I", offset)
        first, link = first or offset, len(data) - 4
    if loop:
        data[link:] = struct.pack(order + "I", first)
    return bytes(data)


def _tiff_directory(
    data: bytearray, *, order: str, values: dict[int, int | tuple[int, ...]]
) -> int:
    entries = []
    for tag, value in sorted(values.items()):
        numbers = value if isinstance(value, tuple) else (value,)
        kind, letter = (3, "H") if isinstance(value, tuple) else (4, "I")
        raw = struct.pack(f"{order}{len(numbers)}{letter}", *numbers)
        if len(raw) > 4:
            data += raw
            raw = struct.pack(order + "I", len(data) - len(raw))
        entries.append(struct.pack(order + "HHI", tag, kind, len(numbers)) + raw.ljust(4, b"\0"))
    data += bytes(len(data) % 2)
    offset = len(data)
    data += struct.pack(order + "H", len(entries)) + b"".join(entries) + bytes(4)
    return offset
