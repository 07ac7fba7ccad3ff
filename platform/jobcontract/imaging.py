"""The one canonicaliser: a file's bytes become the picture that everything else sees.

Intake's check, the viewer, the networks and the training all read pixels through
`canonical_picture`, so that none of them can see another picture than the others. The result is
uint8 RGB, upright, without metadata: grey and palettes become RGB, transparency is laid on white,
EXIF orientation is applied, what follows the picture's end is dropped. 16-bit, 1-bit, CMYK and
float pictures are refused rather than squeezed.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from jobcontract.image_facts import Alpha, Header, ImageFormat
from jobcontract.image_headers import read_header
from jobcontract.image_quality import Quality, picture_quality
from jobcontract.image_refusals import REFUSALS, ImageRefused
from jobcontract.image_views import overlay_jpeg, preview_jpeg, thumbnail_jpeg

__all__ = [
    "REFUSALS",
    "Header",
    "ImageFormat",
    "ImageRefused",
    "Picture",
    "Quality",
    "canonical_picture",
    "overlay_jpeg",
    "picture_from_header",
    "picture_quality",
    "preview_jpeg",
    "read_header",
    "thumbnail_jpeg",
]

Picture = NDArray[np.uint8]

_ROWS_AT_A_TIME = 256


def canonical_picture(data: bytes, *, name: str = "", content_type: str = "") -> Picture:
    """Return the canonical picture of a JPEG, PNG or TIFF file.

    Args:
        data: The whole file.
        name: Its declared name; a wrong extension is refused, none is not.
        content_type: Its declared media type, "" where none was given.

    Returns:
        Array of shape `(height, width, 3)`, uint8, RGB, contiguous.

    Raises:
        ImageRefused: With one of the codes of `REFUSALS`.
    """
    return picture_from_header(read_header(data, name=name, content_type=content_type))


def picture_from_header(header: Header) -> Picture:
    """Decode a picture whose header has been checked; raise ImageRefused if its pixels fail."""
    has_alpha = header.alpha is not Alpha.NONE
    colours = cv2.IMREAD_UNCHANGED if has_alpha else cv2.IMREAD_COLOR_RGB
    pixels = _decode(header.decodable, colours | cv2.IMREAD_IGNORE_ORIENTATION)
    stored = header.height, header.width
    if pixels is None or pixels.shape[:2] != stored:
        raise ImageRefused("corrupt_image", f"The {header.format}'s pixels cannot be read.")
    if has_alpha and pixels.ndim == 3 and pixels.shape[2] == 4:
        pixels = _on_white(pixels, premultiplied=header.alpha is Alpha.PREMULTIPLIED)
    elif has_alpha:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)
    if header.transparent_grey is not None:
        pixels[pixels == header.transparent_grey] = 255
    return np.ascontiguousarray(_upright(pixels, header.orientation))


def _decode(data: bytes, flags: int) -> Picture | None:
    """Return the decoder's pixels, or None where it gives none or not 8 bits per channel."""
    try:
        pixels: Any = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error:
        return None
    is_usable = pixels is not None and pixels.dtype == np.uint8
    return np.asarray(pixels) if is_usable else None


def _on_white(pixels: Picture, *, premultiplied: bool) -> Picture:
    """Lay BGRA of shape `(height, width, 4)` on white; return RGB."""
    colours = cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGB)
    if pixels[..., 3].min() == 255:
        return colours  # type: ignore[no-any-return]
    for top in range(0, len(pixels), _ROWS_AT_A_TIME):
        rows = colours[top : top + _ROWS_AT_A_TIME].astype(np.uint16)
        alpha = pixels[top : top + _ROWS_AT_A_TIME, :, 3:].astype(np.uint16)
        rows *= 255 if premultiplied else alpha
        rows += 255 * (255 - alpha)
        np.minimum(rows, 255 * 255, out=rows)
        # Exactly round(x / 255) for 16 bits, without a division.
        rows += 128
        rows += rows >> 8
        colours[top : top + _ROWS_AT_A_TIME] = rows >> 8
    return colours  # type: ignore[no-any-return]


def _upright(pixels: Picture, orientation: int) -> Picture:
    """Undo an EXIF orientation (CIPA DC-008, tag 0x0112)."""
    if orientation >= 5:
        pixels = pixels.transpose(1, 0, 2)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return pixels
