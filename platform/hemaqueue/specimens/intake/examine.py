"""What is found out about one file; runs in the confined process."""

from __future__ import annotations

from dataclasses import dataclass

from jobcontract.image_hash import perceptual_hash
from jobcontract.image_quality import Quality, picture_quality
from jobcontract.image_views import preview_jpeg, thumbnail_jpeg
from jobcontract.imaging import picture_from_header, read_header


@dataclass(frozen=True)
class Inspected:
    """A file that is one acceptable picture, and what the pages need of it.

    Attributes:
        sha256: Of the file as sent, in hexadecimal.
        width, height: Pixels of the upright picture.
        format: JPEG, PNG or TIFF.
        preview: JPEG of the whole picture, at most 1,280 pixels.
        thumbnail: JPEG of the middle square, at most 256 pixels.
        quality: Measures and flags; a flag is advice, never a refusal.
        perceptual_hash: 64 bits as a signed integer.
    """

    sha256: str
    width: int
    height: int
    format: str
    preview: bytes
    thumbnail: bytes
    quality: Quality
    perceptual_hash: int


def examine(data: bytes, *, sha256: str, name: str = "", content_type: str = "") -> Inspected:
    """Decode a file once and derive everything from the pixels; raise ImageRefused."""
    header = read_header(data, name=name, content_type=content_type)
    picture = picture_from_header(header)
    width, height = header.upright_size
    return Inspected(
        sha256=sha256,
        width=width,
        height=height,
        format=header.format,
        preview=preview_jpeg(picture),
        thumbnail=thumbnail_jpeg(picture),
        quality=picture_quality(picture),
        perceptual_hash=perceptual_hash(picture),
    )
