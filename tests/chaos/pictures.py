"""Pictures to send: small, each with bytes of its own, and some that crash their worker."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from tests.chaos.plan import Plan

MARK = b"chaos\0"
POISONS = ("segfault", "out_of_memory", "hang")
ENDS = {"": "succeeded", "exception": "failed"}
SIDE = 160


@dataclass(frozen=True)
class Picture:
    """One picture by its number.

    `poison` says what it does to the worker that reads it; `called_off`, that its sender does not
    want it any more as soon as it is acknowledged.
    """

    number: int
    poison: str = ""
    called_off: bool = False

    @property
    def name(self) -> str:
        return f"{self.number}.png"

    @property
    def expected(self) -> str:
        """Return the state in which its job has to end."""
        return ENDS.get(self.poison, "dead")


def pictures(plan: Plan) -> Iterator[Picture]:
    """Yield the pictures of a run; the poison lies among the others by chance."""
    chance = plan.chance("poison")
    poisoned = set(chance.sample(range(plan.images), min(plan.poison, plan.images)))
    first = plan.seed * 1_000_000
    for at in range(plan.images):
        kind = chance.choice(plan.poisons) if at in poisoned else ""
        off = not kind and chance.random() < plan.called_off
        yield Picture(first + at, kind, off)


def drawn(picture: Picture) -> bytes:
    """Return the bytes of a PNG that nobody sent before: one violet cell on pale pink."""
    noise = np.random.default_rng(picture.number).integers(0, 12, (SIDE, SIDE, 3), dtype=np.uint8)
    field = np.full((SIDE, SIDE, 3), (220, 214, 236), np.uint8) - noise
    centre = (SIDE // 4 + picture.number % (SIDE // 2), SIDE // 2)
    pixels = cv2.circle(field, centre, SIDE // 5, (140, 60, 96), -1)
    done, encoded = cv2.imencode(".png", pixels, (cv2.IMWRITE_PNG_COMPRESSION, 1))
    if not done:
        raise ValueError("No file could be made.")
    file = bytes(encoded)
    return _with_text(file, MARK + picture.poison.encode()) if picture.poison else file


def _with_text(file: bytes, text: bytes) -> bytes:
    """Return a PNG with a tEXt chunk before its end; decoders pass over it."""
    body = b"tEXt" + text
    chunk = struct.pack(">I", len(text)) + body + struct.pack(">I", zlib.crc32(body))
    return file[:-12] + chunk + file[-12:]


def poison_of(file: bytes) -> str:
    """Return what `_with_text` wrote into a file, or nothing."""
    at = file.find(b"tEXt" + MARK, -200)
    if at < 0:
        return ""
    length = struct.unpack(">I", file[at - 4 : at])[0]
    return file[at + 4 + len(MARK) : at + 4 + length].decode(errors="replace")
