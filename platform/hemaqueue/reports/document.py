"""From content to a file: HTML with everything in it, and from that a PDF that fetches nothing."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string

from hemaqueue.reports.content import ImageContent, ReportContent
from hemaqueue.reports.pictures import PICTURED, Pair
from hemaqueue.reports.qr import qr_code

logger = logging.getLogger(__name__)

PDF, HTML = "application/pdf", "text/html; charset=utf-8"
VARIANT = "pdf/a-3u"
AT_FULL_WIDTH = 6  # images; more are printed two in a row
NO_PANGO = (
    "This installation cannot make PDF files: the system library pango is missing "
    "(Debian: apt-get install libpangocairo-1.0-0 libpangoft2-1.0-0). "
    "The same page was made as HTML."
)


@dataclass(frozen=True)
class Rendered:
    data: bytes
    media_type: str
    note: str = ""


@dataclass(frozen=True)
class Block:
    """One image as it is printed; `pair` is None beyond the pictured ones."""

    image: ImageContent
    pair: Pair | None


def report_page(content: ReportContent, *, pictures: dict[UUID, Pair], stamp: int = 0) -> str:
    """Return the report as one page of HTML; `stamp` is the revision that took its place.

    Every value is escaped.
    """
    blocks = [Block(image, pictures.get(UUID(image.id))) for image in content.images]
    context = {
        "report": content,
        "blocks": [block for block in blocks if block.pair],
        "left_out": len(blocks) - sum(block.pair is not None for block in blocks),
        "pictured": PICTURED,
        "dense": len(blocks) > AT_FULL_WIDTH,
        "stamp": stamp,
        "style": print_style(),
        "qr": qr_code(content.verify_url),
    }
    return render_to_string("reports/report.html", context)


def print_style() -> str:
    """Return the style sheet of everything that is printed."""
    return (Path(settings.ROOT) / "frontend_templates/reports/report.css").read_text()


def report_file(content: ReportContent, *, pictures: dict[UUID, Pair], stamp: int = 0) -> Rendered:
    """Return the PDF; the same page as HTML, and why, where PDF cannot be made."""
    return page_file(report_page(content, pictures=pictures, stamp=stamp))


def page_file(page: str) -> Rendered:
    """Return a page as PDF; the page itself, and why, where PDF cannot be made."""
    try:
        return Rendered(_pdf(page), PDF)
    except OSError as error:  # WeasyPrint loads pango when it is imported
        logger.warning("No PDF: %s", type(error).__name__)
        return Rendered(page.encode(), HTML, NO_PANGO)


def _pdf(page: str) -> bytes:
    from weasyprint import HTML as Page  # noqa: N811  the library is loaded where it is needed

    from hemaqueue.reports.fetching import DataOnlyFetcher

    options: dict[str, Any] = {"pdf_variant": VARIANT, "pdf_tags": True}
    document = Page(string=page, base_url=None, url_fetcher=DataOnlyFetcher())
    return bytes(document.write_pdf(**options))
