"""Damaged copies of good files, by seed: what a bad cable, disk or sender makes of them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np

from tests import corpus_parts as parts


def mutants(count: int, *, seed: int = 20261121) -> Iterator[tuple[str, bytes]]:
    """Yield `(description, bytes)`; the same seed gives the same files."""
    originals = _originals()
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        name, data = originals[number % len(originals)]
        change = CHANGES[rng.integers(len(CHANGES))]
        changed = change(bytearray(data), rng)
        if name.startswith("png") and rng.random() < 0.7:
            changed = with_right_checksums(changed)
        yield f"{number} {name} {change.__name__.strip('_')}", bytes(changed)


def damaged(data: bytes, count: int, *, seed: int = 20261121) -> Iterator[tuple[str, bytes]]:
    """Yield `(description, bytes)`: copies of any one file, each damaged in its own way."""
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        change = CHANGES[rng.integers(len(CHANGES))]
        yield f"{number} {change.__name__.strip('_')}", bytes(change(bytearray(data), rng))


def _originals() -> list[tuple[str, bytes]]:
    picture = parts.field(80, 60, seed=5)
    return [
        ("jpeg", parts.encoded(".jpg", picture)),
        ("jpeg progressive", parts.jpeg(progressive=True)),
        ("png", parts.encoded(".png", picture)),
        (
            "png palette",
            parts.png(before=parts.palette(), header=parts.png_header(288, 64, colour=3)),
        ),
        ("tiff packed", parts.encoded(".tif", picture)),
        ("tiff plain", parts.tiff()),
        ("jpeg with exif", parts.jpeg_with(parts.jpeg_segment(0xE1, b"Exif\0\0" + parts.exif()))),
    ]


def _flip(data: bytearray, rng: np.random.Generator) -> bytearray:
    for _ in range(rng.integers(1, 12)):
        data[rng.integers(len(data))] = rng.integers(256)
    return data


def _flip_early(data: bytearray, rng: np.random.Generator) -> bytearray:
    for _ in range(rng.integers(1, 4)):
        data[rng.integers(min(len(data), 200))] = rng.integers(256)
    return data


def _flip_late(data: bytearray, rng: np.random.Generator) -> bytearray:
    for _ in range(rng.integers(1, 4)):
        data[-rng.integers(1, min(len(data), 300))] = rng.integers(256)
    return data


def _cut(data: bytearray, rng: np.random.Generator) -> bytearray:
    return data[: rng.integers(len(data))]


def _remove(data: bytearray, rng: np.random.Generator) -> bytearray:
    start = rng.integers(len(data))
    del data[start : start + rng.integers(1, 400)]
    return data


def _insert(data: bytearray, rng: np.random.Generator) -> bytearray:
    start = rng.integers(len(data))
    data[start:start] = rng.bytes(int(rng.integers(1, 400)))
    return data


def _blank(data: bytearray, rng: np.random.Generator) -> bytearray:
    start, size = rng.integers(len(data)), rng.integers(1, 600)
    data[start : start + size] = bytes(len(data[start : start + size]))
    return data


def _extreme(data: bytearray, rng: np.random.Generator) -> bytearray:
    """Overwrite a place with a number that is at some type's edge."""
    start = rng.integers(max(len(data) - 4, 1))
    value = int(rng.choice([0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF]))
    data[start : start + 4] = struct.pack(rng.choice(["<I", ">I"]), value)
    return data


CHANGES = (_flip, _flip_early, _flip_late, _cut, _remove, _insert, _blank, _extreme)


def with_right_checksums(data: bytearray) -> bytearray:
    """Mend a PNG's checksums, so that a damaged chunk reaches the code behind the check."""
    at = 8
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 12 + length
        if end > len(data):
            break
        data[end - 4 : end] = struct.pack(">I", zlib.crc32(data[at + 4 : end - 4]))
        at = end
    return data
