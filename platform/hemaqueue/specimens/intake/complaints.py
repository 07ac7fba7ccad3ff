"""What a decoder mutters on standard error about data that it decodes all the same.

libjpeg and libtiff fill what they cannot read and go on; OpenCV reports success. A picture that is
half grey must not become a result, so the muttering is read. Runs only in the confined process,
where standard error belongs to nobody else.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

# Some cameras pad a scan with a few bytes; that alone harms no pixel.
HARMLESS_BYTES = 64
_EXTRANEOUS = re.compile(rb"(\d+) extraneous bytes before marker 0xd9")
_DAMAGE = re.compile(
    rb"Corrupt JPEG|Premature end of JPEG|Inconsistent progression|TIFF_Error|PackBitsDecode"
)


@contextmanager
def heard() -> Iterator[Callable[[], bool]]:
    """Listen to standard error within the block; afterwards ask whether damage was reported."""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    os.dup2(writer, 2)
    os.close(writer)
    said = bytearray()

    def damage() -> bool:
        return is_damage(bytes(said))

    try:
        yield damage
    finally:
        with suppress(BlockingIOError):
            said += os.read(reader, 65_536)
        os.close(reader)


def is_damage(said: bytes) -> bool:
    """Tell whether the decoder's words mean lost pixels; libjpeg prints one warning a file."""
    extraneous = _EXTRANEOUS.search(said)
    if extraneous:
        return int(extraneous[1]) > HARMLESS_BYTES
    return bool(_DAMAGE.search(said))
