"""A QR code as a picture in its own address."""

from __future__ import annotations

from io import BytesIO

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from hemaqueue.reports.pictures import data_address

PIXELS = 8  # a module's side: sharp on paper, also where a viewer smooths what it enlarges


def qr_code(text: str) -> str:
    """Return the address of a PNG: black on white, with the quiet zone of ISO/IEC 18004."""
    code = QRCode(error_correction=ERROR_CORRECT_M, box_size=PIXELS)
    code.add_data(text)
    file = BytesIO()
    code.make_image().save(file)
    return data_address(file.getvalue(), kind="image/png")
