"""From bytes to a checked header, whatever the format; nothing is decoded here.

No allocation depends on a number the file declares: sizes are checked first, and what is read
is sliced from the bytes at hand.
"""

from __future__ import annotations

from jobcontract.image_facts import MOST_BYTES, Header, ImageFormat
from jobcontract.image_jpeg import jpeg_header
from jobcontract.image_png import png_header
from jobcontract.image_refusals import ImageRefused
from jobcontract.image_tiff import tiff_header
from jobcontract.image_types import check_declared, image_format

_READERS = {
    ImageFormat.JPEG: jpeg_header,
    ImageFormat.PNG: png_header,
    ImageFormat.TIFF: tiff_header,
}


def read_header(data: bytes, *, name: str = "", content_type: str = "") -> Header:
    """Return what the file is and how large, or raise ImageRefused.

    Args:
        data: The whole file.
        name: Its declared name; only the extension is looked at.
        content_type: Its declared media type, "" where none was given.
    """
    if len(data) > MOST_BYTES:
        raise ImageRefused("file_too_large", f"The file has {len(data) >> 20} MiB.")
    found = image_format(data)
    check_declared(found, name=name, content_type=content_type)
    return _READERS[found](data)
