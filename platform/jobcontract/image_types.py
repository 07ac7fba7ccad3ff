"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from jobcontract.image_facts import ImageFormat
from jobcontract.image_refusals import ImageRefused

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

ACCEPTED: tuple[tuple[bytes, ImageFormat], ...] = (
    (b"\xff\xd8\xff", ImageFormat.JPEG),
    (PNG_SIGNATURE, ImageFormat.PNG),
    (b"II*\x00", ImageFormat.TIFF),
    (b"MM\x00*", ImageFormat.TIFF),
)

DAMAGED: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "The file begins like a PNG, but its signature is damaged."),
    (b"\xff\xd8", "The file begins like a JPEG and then breaks off."),
)

REFUSED: tuple[tuple[int, bytes, str], ...] = (
    (128, b"DICM", "a DICOM file"),
    (0, b"II+\x00", "a BigTIFF picture"),
    (0, b"MM\x00+", "a BigTIFF picture"),
    (0, b"%PDF-", "a PDF document"),
    (8, b"WEBP", "a WebP picture"),
    (0, b"GIF8", "a GIF picture"),
    (0, b"BM", "a BMP picture"),
    (4, b"ftyphei", "a HEIC picture"),
    (4, b"ftyphev", "a HEIC picture"),
    (4, b"ftypmif1", "a HEIC picture"),
    (4, b"ftypavi", "an AVIF picture"),
    (4, b"ftyp", "a film"),
    (0, b"PK", "a ZIP archive"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"MZ", "a program"),
    (0, b"\x7fELF", "a program"),
    (0, b"%!", "a PostScript document"),
    (0, b"\xc5\xd0\xd3\xc6", "a PostScript document"),
    (0, b"SIMPLE  =", "a FITS file"),
    (4, b"jP  ", "a JPEG 2000 picture"),
    (0, b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (4, b"JXL ", "a JPEG XL picture"),
    (0, b"\xff\x0a", "a JPEG XL picture"),
    (0, b"8BPS", "a Photoshop document"),
    (0, b"\x76\x2f\x31\x01", "an OpenEXR picture"),
    (0, b"#?RADIANCE", "a Radiance picture"),
    (0, b"ZISRAWFILE", "a CZI slide"),
    (0, b"\x00\x00\x01\x00", "an icon"),
    (0, b"\x89HDF", "an HDF5 file"),
    (0, b"\xd0\xcf\x11\xe0", "an Office document"),
)

EXTENSIONS: dict[str, ImageFormat] = {
    ".jpg": ImageFormat.JPEG,
    ".jpeg": ImageFormat.JPEG,
    ".jpe": ImageFormat.JPEG,
    ".jfif": ImageFormat.JPEG,
    ".png": ImageFormat.PNG,
    ".tif": ImageFormat.TIFF,
    ".tiff": ImageFormat.TIFF,
}
OTHER_EXTENSIONS = re.compile(
    r"\.(gif|bmp|webp|hei[cf]|avif|jp2|svgz?|html?|xml|pdf|e?ps|dcm|zip|gz|7z|rar|exe|dll|js|php"
    r"|txt|csv|json|docx?|xlsx?|svs|ndpi|czi|apng|ico|psd|fits?)"
)


def image_format(data: bytes) -> ImageFormat:
    """Return the accepted format these bytes begin like, or raise ImageRefused."""
    if not data:
        raise ImageRefused("empty_file")
    for magic, found in ACCEPTED:
        if data.startswith(magic) and not _is_dicom_behind_tiff(data, found):
            return found
    for magic, sentence in DAMAGED:
        if data.startswith(magic):
            raise ImageRefused("corrupt_image", sentence)
    raise ImageRefused("unsupported_type", f"This looks like {looks_like(data)}.")


def looks_like(data: bytes) -> str:
    """Name, in a few words, what a file that is not accepted seems to be."""
    for offset, magic, words in REFUSED:
        if data[offset : offset + len(magic)] == magic:
            return words
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in start:
        return "an SVG drawing"
    if start.startswith((b"<!doctype html", b"<html", b"<script", b"<body")):
        return "a web page"
    if start.startswith(b"<"):
        return "an XML document"
    return "plain text" if len(data) > 1 and _is_text(data[:512]) else "no kind of picture"


def check_declared(found: ImageFormat, *, name: str = "", content_type: str = "") -> None:
    """Raise ImageRefused when the name or the declared type speaks of another format.

    A name without an extension, or with one that stands for no format, declares nothing;
    so do an empty content type and `application/octet-stream`.
    """
    extension = PurePosixPath(name.lower()).suffix
    if EXTENSIONS.get(extension, found) is not found or OTHER_EXTENSIONS.fullmatch(extension):
        raise _mismatch(found, "name")
    kind, _, subtype = content_type.lower().partition(";")[0].strip().partition("/")
    subtype = {"jpg": "jpeg", "pjpeg": "jpeg", "x-png": "png", "tif": "tiff"}.get(subtype, subtype)
    if kind and f"{kind}/{subtype}" not in ("application/octet-stream", f"image/{found.lower()}"):
        raise _mismatch(found, "declared type")


def _mismatch(found: ImageFormat, what: str) -> ImageRefused:
    return ImageRefused("type_mismatch", f"The content is {found}, but the {what} says otherwise.")


def _is_dicom_behind_tiff(data: bytes, found: ImageFormat) -> bool:
    """A DICOM file's free first 128 bytes may carry a TIFF header."""
    return found is ImageFormat.TIFF and data[128:132] == b"DICM"


def _is_text(start: bytes) -> bool:
    return all(byte >= 32 or byte in b"\t\r\n\f" for byte in start)
