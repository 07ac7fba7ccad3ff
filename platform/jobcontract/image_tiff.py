"""Walks a classic TIFF: one page, 8-bit grey, palette or RGB, every strip inside the file."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from jobcontract.image_facts import (
    Alpha,
    Header,
    ImageFormat,
    check_size,
    corrupt,
    unsupported_pixels,
)
from jobcontract.image_refusals import ImageRefused

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
STRIP_OFFSETS, ORIENTATION, SAMPLES, ROWS_PER_STRIP, STRIP_COUNTS = 273, 274, 277, 278, 279
PLANAR, PREDICTOR, COLOUR_MAP, TILE_WIDTH, TILE_HEIGHT = 284, 317, 320, 322, 323
TILE_OFFSETS, TILE_COUNTS, EXTRA_SAMPLES, SAMPLE_FORMAT = 324, 325, 338, 339
JPEG_TABLES, YCBCR_SUBSAMPLING, REFERENCE_BLACK_WHITE = 347, 530, 532

LAYOUT = (STRIP_OFFSETS, STRIP_COUNTS, ROWS_PER_STRIP, PLANAR)
TILES = (TILE_WIDTH, TILE_HEIGHT, TILE_OFFSETS, TILE_COUNTS)
CHANNELS = (BITS, SAMPLES, SAMPLE_FORMAT, EXTRA_SAMPLES, PHOTOMETRIC, COLOUR_MAP)
PACKING = (COMPRESSION, PREDICTOR, JPEG_TABLES, YCBCR_SUBSAMPLING, REFERENCE_BLACK_WHITE)
KEPT = frozenset((WIDTH, HEIGHT, *LAYOUT, *TILES, *CHANNELS, *PACKING))
JPEG_COMPRESSION = 7
COMPRESSIONS = frozenset((1, 5, JPEG_COMPRESSION, 8, 32773, 32946))
GREY_INVERTED, GREY, RGB, PALETTE, CMYK, YCBCR = 0, 1, 2, 3, 5, 6
SAMPLE_COUNTS = {GREY_INVERTED: (1,), GREY: (1,), RGB: (3, 4), PALETTE: (1,), YCBCR: (3,)}
NUMBERS = {1: "B", 3: "H", 4: "I"}
MOST_ENTRIES = 1000
MOST_PAGES = 1000


@dataclass(frozen=True)
class Directory:
    """One image file directory: each tag's raw 12 bytes, and where the next one lies."""

    data: bytes
    order: str
    entries: dict[int, bytes]
    following: int

    def numbers(self, tag: int, *, most: int = MOST_ENTRIES) -> tuple[int, ...]:
        """Return a tag's unsigned integers, () where it is absent; raise ImageRefused if bad."""
        if tag not in self.entries:
            return ()
        kind, count = struct.unpack(self.order + "HI", self.entries[tag][2:8])
        letter = NUMBERS.get(kind)
        if letter is None or count > most:
            raise corrupt("A field of the TIFF has a wrong type or length.")
        size = count * struct.calcsize("=" + letter)
        raw = self.entries[tag][8 : 8 + size]
        if size > 4:
            (offset,) = struct.unpack(self.order + "I", self.entries[tag][8:12])
            raw = self.data[offset : offset + size]
        if len(raw) < size:
            raise corrupt("The TIFF breaks off inside a field.")
        return struct.unpack(f"{self.order}{count}{letter}", raw)

    def number(self, tag: int, default: int) -> int:
        found = self.numbers(tag)
        return found[0] if found else default


def tiff_header(data: bytes) -> Header:
    """Read a TIFF's header; raise ImageRefused if it is damaged or not accepted."""
    page = _only_page(data)
    width, height = page.number(WIDTH, 0), page.number(HEIGHT, 0)
    check_size(width, height)
    if page.following:
        raise ImageRefused("multiple_frames", "The TIFF has more than one page.")
    alpha = _check_pixels(page)
    _check_strips(page, width=width, height=height)
    return Header(
        format=ImageFormat.TIFF,
        width=width,
        height=height,
        decodable=_without_metadata(page),
        orientation=_orientation(page),
        alpha=alpha,
    )


def exif_orientation(data: bytes) -> int:
    """Return the orientation in an EXIF block (a small TIFF), 1 where there is none."""
    try:
        order, first = _start(data)
        return _orientation(_directory(data, order=order, offset=first))
    except ImageRefused:
        return 1


def _orientation(page: Directory) -> int:
    value = page.number(ORIENTATION, 1)
    return value if 1 <= value <= 8 else 1


def _start(data: bytes) -> tuple[str, int]:
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(data[:4])
    if order is None or len(data) < 8:
        raise corrupt("The TIFF breaks off in its header.")
    return order, struct.unpack(order + "I", data[4:8])[0]


def _only_page(data: bytes) -> Directory:
    """Return the first page, once the chain of pages is known to be finite."""
    order, first = _start(data)
    page = _directory(data, order=order, offset=first)
    seen, offset = {first}, page.following
    while offset:
        if offset in seen or len(seen) > MOST_PAGES:
            raise corrupt("The TIFF's list of pages never ends.")
        seen.add(offset)
        offset = _directory(data, order=order, offset=offset).following
    return page


def _directory(data: bytes, *, order: str, offset: int) -> Directory:
    if offset < 8 or offset + 2 > len(data):
        raise corrupt("The TIFF's directory lies outside the file.")
    (count,) = struct.unpack_from(order + "H", data, offset)
    end = offset + 2 + 12 * count
    if count == 0 or count > MOST_ENTRIES or end > len(data):
        raise corrupt("The TIFF's directory is damaged or cut off.")
    entries = {}
    for at in range(offset + 2, end, 12):
        entries[struct.unpack_from(order + "H", data, at)[0]] = data[at : at + 12]
    following = data[end : end + 4]
    return Directory(
        data=data,
        order=order,
        entries=entries,
        following=struct.unpack(order + "I", following)[0] if len(following) == 4 else 0,
    )


def _check_pixels(page: Directory) -> Alpha:
    samples, photometric = page.number(SAMPLES, 1), page.number(PHOTOMETRIC, GREY)
    compression = page.number(COMPRESSION, 1)
    if photometric == CMYK:
        raise unsupported_pixels("The TIFF holds CMYK, a printer's colours.")
    if set(page.numbers(SAMPLE_FORMAT)) - {1}:
        raise unsupported_pixels("The TIFF's samples are not plain unsigned numbers.")
    if set(page.numbers(BITS) or (1,)) != {8}:
        raise unsupported_pixels("The TIFF does not hold 8 bits per channel.")
    if samples not in SAMPLE_COUNTS.get(photometric, ()):
        raise unsupported_pixels("The TIFF's channels are neither grey nor RGB.")
    if compression not in COMPRESSIONS or (
        photometric == YCBCR and compression != JPEG_COMPRESSION
    ):
        raise unsupported_pixels("The TIFF is packed in an uncommon way; use LZW or none.")
    if photometric == PALETTE and len(page.numbers(COLOUR_MAP)) != 3 * 256:
        raise corrupt("The TIFF's palette is incomplete.")
    # libtiff multiplies straight alpha into the colours while it reads them.
    return Alpha.PREMULTIPLIED if samples == 4 else Alpha.NONE


def _check_strips(page: Directory, *, width: int, height: int) -> None:
    planes = page.number(SAMPLES, 1) if page.number(PLANAR, 1) == 2 else 1
    if TILE_OFFSETS in page.entries:
        across, down = page.number(TILE_WIDTH, 0), page.number(TILE_HEIGHT, 0)
        if not (0 < across <= width + 1024 and 0 < down <= height + 1024):
            raise corrupt("The TIFF's tiles have an impossible size.")
        expected = -(-width // across) * -(-height // down) * planes
        offsets_tag, counts_tag = TILE_OFFSETS, TILE_COUNTS
    else:
        rows = min(page.number(ROWS_PER_STRIP, height), height)
        if rows <= 0:
            raise corrupt("The TIFF's strips have no rows.")
        expected = -(-height // rows) * planes
        offsets_tag, counts_tag = STRIP_OFFSETS, STRIP_COUNTS
    offsets = page.numbers(offsets_tag, most=expected)
    counts = page.numbers(counts_tag, most=expected)
    if not len(offsets) == len(counts) == expected:
        raise corrupt("The TIFF's list of strips is incomplete.")
    if any(o + n > len(page.data) or not n for o, n in zip(offsets, counts, strict=True)):
        raise corrupt("The TIFF breaks off before its last strip.")


def _without_metadata(page: Directory) -> bytes:
    """Return the same file with a new directory that keeps only what the pixels need.

    Offsets are absolute, so the pixel data stays where it is; the decoder never meets the
    private tags, EXIF, ICC or sub-directories.
    """
    kept = [page.entries[tag] for tag in sorted(page.entries) if tag in KEPT]
    padding = b"\x00" * (len(page.data) % 2)
    offset = len(page.data) + len(padding)
    directory = struct.pack(page.order + "H", len(kept)) + b"".join(kept) + b"\x00" * 4
    start = page.data[:4] + struct.pack(page.order + "I", offset)
    return b"".join((start, memoryview(page.data)[8:], padding, directory))
