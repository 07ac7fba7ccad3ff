"""Walks a JPEG up to its end marker: baseline or progressive, 8 bits, grey or colour."""

from __future__ import annotations

import re
import struct

from jobcontract.image_facts import Header, ImageFormat, check_size, corrupt, unsupported_pixels
from jobcontract.image_tiff import exif_orientation

DHT, EOI, SOS, DQT, DRI = 0xC4, 0xD9, 0xDA, 0xDB, 0xDD
APP0, APP1, APP14 = 0xE0, 0xE1, 0xEE
FRAMES = frozenset(range(0xC0, 0xD0)) - {DHT, 0xC8, 0xCC}
ACCEPTED_FRAMES = frozenset((0xC0, 0xC1, 0xC2))
KEPT = FRAMES | {SOS, DHT, DQT, DRI, APP0, APP14}
STANDALONE = frozenset(range(0xD0, 0xD8)) | {0x01}
MOST_SEGMENTS = 10_000
MOST_SCANS = 100

# A marker ends entropy-coded data; FF00 is a stuffed FF, FFD0 to FFD7 restart within it.
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


class _Walk:
    """What has been met so far on the way through one file."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 2
        self.kept: list[bytes | memoryview] = [b"\xff\xd8"]
        self.size: tuple[int, int] | None = None
        self.orientation = 1
        self.scans = 0

    def marker(self) -> int:
        """Step over the next marker, with its fill bytes, and return its code."""
        data, at = self.data, self.at
        if data[at : at + 1] != b"\xff":
            raise corrupt("The JPEG breaks off, or has something else where a marker must be.")
        while data[at : at + 1] == b"\xff":
            at += 1
        if at >= len(data):
            raise corrupt("The JPEG breaks off before its end.")
        self.at = at + 1
        return data[at]

    def segment(self) -> bytes:
        """Step over the segment of the marker just met and return its body."""
        length = int.from_bytes(self.data[self.at : self.at + 2], "big")
        body = self.data[self.at + 2 : self.at + length]
        if length < 2 or len(body) != length - 2:
            raise corrupt("The JPEG breaks off inside a segment.")
        self.at += length
        return body

    def entropy(self) -> memoryview:
        """Step over coded pixels, up to the next true marker, and return them."""
        found = _MARKER.search(self.data, self.at)
        if found is None:
            raise corrupt("The JPEG breaks off before its end.")
        coded = memoryview(self.data)[self.at : found.start()]
        self.at = found.start()
        return coded


def jpeg_header(data: bytes) -> Header:
    """Read a JPEG's header and follow it to its end; raise ImageRefused if it is damaged."""
    walk = _Walk(data)
    for _ in range(MOST_SEGMENTS):
        marker = walk.marker()
        if marker == EOI:
            return _finished(walk)
        if marker in STANDALONE:
            continue
        _visit(walk, marker)
    raise corrupt("The JPEG has more segments than any camera writes.")


def _visit(walk: _Walk, marker: int) -> None:
    body = walk.segment()
    if marker in FRAMES:
        _visit_frame(walk, marker, body)
    elif marker == APP1 and body.startswith(b"Exif\x00\x00"):
        walk.orientation = exif_orientation(body[6:])
    if marker in KEPT:
        walk.kept += (b"\xff", bytes((marker,)), struct.pack(">H", len(body) + 2), body)
    if marker == SOS:
        walk.scans += 1
        if walk.size is None or walk.scans > MOST_SCANS:
            raise corrupt("The JPEG's scans are out of order or too many.")
        walk.kept.append(walk.entropy())


def _visit_frame(walk: _Walk, marker: int, body: bytes) -> None:
    if len(body) < 6 or walk.size is not None:
        raise corrupt("The JPEG's frame header is damaged.")
    bits, height, width, components = struct.unpack(">BHHB", body[:6])
    check_size(width, height)
    if bits != 8:
        raise unsupported_pixels(f"The JPEG holds {bits} bits per channel.")
    if components == 4:
        raise unsupported_pixels("The JPEG holds CMYK, a printer's colours.")
    if marker not in ACCEPTED_FRAMES:
        raise unsupported_pixels("The JPEG is coded in an uncommon way (lossless or arithmetic).")
    if components not in (1, 3) or len(body) != 6 + 3 * components:
        raise corrupt("The JPEG's frame header is damaged.")
    walk.size = width, height


def _finished(walk: _Walk) -> Header:
    if walk.size is None or not walk.scans:
        raise corrupt("The JPEG ends before its first pixel.")
    width, height = walk.size
    return Header(
        format=ImageFormat.JPEG,
        width=width,
        height=height,
        decodable=b"".join((*walk.kept, b"\xff\xd9")),
        orientation=walk.orientation,
    )
