"""Walks a PNG chunk by chunk: checksums, one frame, 8 bits or a palette, no bombs in the text."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

from jobcontract.image_facts import (
    Alpha,
    Header,
    ImageFormat,
    check_size,
    corrupt,
    unsupported_pixels,
)
from jobcontract.image_refusals import ImageRefused
from jobcontract.image_tiff import exif_orientation
from jobcontract.image_types import PNG_SIGNATURE

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
BITS_ALLOWED = {
    GREY: (1, 2, 4, 8, 16),
    RGB: (8, 16),
    PALETTE: (1, 2, 4, 8),
    GREY_ALPHA: (8, 16),
    RGBA: (8, 16),
}
KEPT = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"))
ANIMATED = frozenset((b"acTL", b"fcTL", b"fdAT"))
PACKED = frozenset((b"zTXt", b"iCCP", b"iTXt"))
MOST_CHUNKS = 65_536
MOST_UNPACKED = 4 * 1024 * 1024


class _Walk:
    """What has been met so far on the way through one file."""

    def __init__(self) -> None:
        self.kept: list[bytes] = [PNG_SIGNATURE]
        self.size = (0, 0)
        self.bits = self.colour = self.palette = 0
        self.orientation = 1
        self.unpacked = 0
        self.transparency: bytes | None = None
        self.has_pixels = self.is_animated = False


def png_header(data: bytes) -> Header:
    """Read a PNG's chunks to its end; raise ImageRefused if it is damaged or not accepted."""
    walk, at = _Walk(), len(PNG_SIGNATURE)
    for number in range(MOST_CHUNKS):
        kind, body, at = _chunk(data, at)
        if (number == 0) != (kind == b"IHDR"):
            raise corrupt("The PNG's header is missing or repeated.")
        _visit(walk, kind, body)
        if kind in KEPT:
            walk.kept.append(data[at - len(body) - 12 : at])
        if kind == b"IEND":
            return _finished(walk)
    raise corrupt("The PNG has more chunks than any program writes.")


def _chunk(data: bytes, at: int) -> tuple[bytes, memoryview, int]:
    """Return a chunk's kind, its body and where the next one begins."""
    if at + 12 > len(data):
        raise corrupt("The PNG breaks off before its end.")
    length, kind = struct.unpack_from(">I4s", data, at)
    end = at + 12 + length
    if end > len(data):
        # The size limit speaks first: a bomb is "too large" even when it is cut off.
        if kind == b"IHDR" and len(data) >= at + 16:
            check_size(*struct.unpack_from(">II", data, at + 8))
        raise corrupt("The PNG breaks off inside a chunk.")
    body = memoryview(data)[at + 8 : end - 4]
    if kind == b"IHDR" and length == 13:
        check_size(*struct.unpack_from(">II", body))
    if zlib.crc32(body, zlib.crc32(kind)) != struct.unpack_from(">I", data, end - 4)[0]:
        raise corrupt("A checksum in the PNG is wrong.")
    return kind, body, end


def _visit(walk: _Walk, kind: bytes, body: memoryview) -> None:
    if kind in _VISITS:
        _VISITS[kind](walk, body)
    elif kind in PACKED:
        _check_packed(walk, kind, bytes(body))
    elif kind in ANIMATED:
        walk.is_animated = True
    elif kind != b"IEND" and not kind[0] & 0x20:
        raise corrupt("The PNG has a necessary part that no standard knows.")


def _visit_palette(walk: _Walk, body: memoryview) -> None:
    walk.palette = len(body) // 3
    if walk.has_pixels or len(body) % 3 or not 1 <= walk.palette <= 256:
        raise corrupt("The PNG's palette is damaged.")


def _visit_transparency(walk: _Walk, body: memoryview) -> None:
    walk.transparency = bytes(body)


def _visit_pixels(walk: _Walk, _body: memoryview) -> None:
    walk.has_pixels = True


def _visit_exif(walk: _Walk, body: memoryview) -> None:
    walk.orientation = exif_orientation(bytes(body))


def _visit_header(walk: _Walk, body: memoryview) -> None:
    if len(body) != 13:
        raise corrupt("The PNG's header has a wrong length.")
    width, height, bits, colour, packing, filtering, interlace = struct.unpack(">IIBBBBB", body)
    if bits not in BITS_ALLOWED.get(colour, ()) or packing or filtering or interlace > 1:
        raise corrupt("The PNG's header is damaged.")
    if bits == 16 or bits == 1:
        raise unsupported_pixels(f"The PNG holds {bits} bit{'s' * (bits > 1)} per channel.")
    walk.size, walk.bits, walk.colour = (width, height), bits, colour


_VISITS: dict[bytes, Callable[[_Walk, memoryview], None]] = {
    b"IHDR": _visit_header,
    b"PLTE": _visit_palette,
    b"tRNS": _visit_transparency,
    b"IDAT": _visit_pixels,
    b"eXIf": _visit_exif,
}


def _check_packed(walk: _Walk, kind: bytes, body: bytes) -> None:
    """Unpack compressed text and colour profiles, all together up to a limit, to find bombs."""
    _, _, rest = body.partition(b"\x00")
    if kind == b"iTXt":
        if rest[:1] != b"\x01":
            return
        rest = rest[2:].partition(b"\x00")[2].partition(b"\x00")[2]
    else:
        rest = rest[1:]
    try:
        unpacked = zlib.decompressobj().decompress(rest, MOST_UNPACKED + 1)
    except zlib.error:
        raise corrupt("Compressed text in the PNG is damaged.") from None
    walk.unpacked += len(unpacked)
    if walk.unpacked > MOST_UNPACKED:
        raise corrupt("Compressed text in the PNG unpacks to far more than any text.")


def _finished(walk: _Walk) -> Header:
    if walk.is_animated:
        raise ImageRefused("multiple_frames", "The PNG is animated.")
    if not walk.has_pixels or (walk.colour == PALETTE and not walk.palette):
        raise corrupt("The PNG has no pixels or no palette.")
    grey = None
    if walk.colour == GREY and walk.transparency is not None:
        level = int.from_bytes(walk.transparency[:2], "big")
        grey = level * 255 // (2**walk.bits - 1) if level < 2**walk.bits else None
    has_alpha = walk.colour in (GREY_ALPHA, RGBA) or (walk.transparency is not None)
    return Header(
        format=ImageFormat.PNG,
        width=walk.size[0],
        height=walk.size[1],
        decodable=b"".join(walk.kept),
        orientation=walk.orientation,
        alpha=Alpha.STRAIGHT if has_alpha and walk.colour != GREY else Alpha.NONE,
        transparent_grey=grey,
    )
