"""What a picture's header says, and the limits it must keep before anything is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from jobcontract.image_refusals import ImageRefused

MOST_BYTES = 64 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 16_384
SHORTEST_SIDE = 32


class ImageFormat(StrEnum):
    JPEG = "JPEG"
    PNG = "PNG"
    TIFF = "TIFF"


class Alpha(StrEnum):
    """How transparency is stored."""

    NONE = "none"
    STRAIGHT = "straight"
    PREMULTIPLIED = "premultiplied"


@dataclass(frozen=True)
class Header:
    """A picture that is whole as far as its structure tells.

    Attributes:
        width, height: Pixels as stored, before `orientation` is applied.
        orientation: EXIF orientation, 1 to 8.
        transparent_grey: The grey level, 0 to 255, that a PNG declares transparent.
        decodable: The same picture without metadata and without what follows its end.
    """

    format: ImageFormat
    width: int
    height: int
    decodable: bytes
    orientation: int = 1
    alpha: Alpha = Alpha.NONE
    transparent_grey: int | None = None

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height as a person sees them."""
        if self.orientation >= 5:
            return self.height, self.width
        return self.width, self.height


def check_size(width: int, height: int) -> None:
    """Raise ImageRefused unless a picture of this size may be decoded."""
    if width <= 0 or height <= 0:
        raise ImageRefused("corrupt_image", "The picture says that it has no pixels.")
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise ImageRefused("image_too_large", f"The picture has {width} by {height} pixels.")
    if min(width, height) < SHORTEST_SIDE:
        raise ImageRefused("image_too_small", f"The picture has {width} by {height} pixels.")


def corrupt(found: str) -> ImageRefused:
    """A `corrupt_image` refusal that names what was found."""
    return ImageRefused("corrupt_image", found)


def unsupported_pixels(found: str) -> ImageRefused:
    """An `unsupported_pixel_format` refusal that names what was found."""
    return ImageRefused("unsupported_pixel_format", found)
