"""From content to a file: a page and its pictures, and from them a PDF that fetches nothing."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string

from hemaqueue.reports.content import ImageContent, ReportContent
from hemaqueue.reports.pictures import PICTURED, Pair, data_address, is_dense
from hemaqueue.reports.qr import qr_code

logger = logging.getLogger(__name__)

PDF, HTML = "application/pdf", "text/html; charset=utf-8"
VARIANT = "pdf/a-3u"
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
class Page:
    """HTML without its style sheet; `files` are the JPEG files in it, by `held:` address."""

    html: str
    files: Mapping[str, bytes] = field(default_factory=dict)

    def alone(self) -> str:
        """Return the same as HTML that needs nothing beside it."""

        def inside(found: re.Match[str]) -> str:
            return f'src="{data_address(self.files[found[1]], kind="image/jpeg")}"'

        styled = self.html.replace("</head>", f"<style>{_style_text()}</style>\n</head>", 1)
        return re.sub(r'src="(held:[^"]+)"', inside, styled)


@dataclass(frozen=True)
class Block:
    """One image as it is printed; `pair` is None beyond the pictured ones."""

    image: ImageContent
    pair: Pair | None


def report_page(content: ReportContent, *, pictures: Mapping[UUID, Pair], stamp: int = 0) -> Page:
    """Return the report as one page; `stamp` is the revision that took its place.

    Every value is escaped.
    """
    blocks = [Block(image, pictures.get(UUID(image.id))) for image in content.images]
    files = {
        f"held:{key}/{kind}": jpeg
        for key, pair in pictures.items()
        for kind, jpeg in vars(pair).items()
    }
    context = {
        "report": content,
        "blocks": [block for block in blocks if block.pair],
        "left_out": sum(block.pair is None for block in blocks),
        "pictured": PICTURED,
        "dense": is_dense(content.images),
        "stamp": stamp,
        "qr": qr_code(content.verify_url),
    }
    return Page(render_to_string("reports/report.html", context), files)


def report_file(
    content: ReportContent, *, pictures: Mapping[UUID, Pair], stamp: int = 0
) -> Rendered:
    """Return the PDF; the same page as HTML, and why, where PDF cannot be made."""
    return page_file(report_page(content, pictures=pictures, stamp=stamp))


def page_file(page: Page) -> Rendered:
    """Return a page as PDF; the page itself, and why, where PDF cannot be made."""
    try:
        return Rendered(_pdf(page), PDF)
    except OSError as error:  # WeasyPrint loads pango when it is imported
        logger.warning("No PDF: %s", type(error).__name__)
        return Rendered(page.alone().encode(), HTML, NO_PANGO)


def _pdf(page: Page) -> bytes:
    from weasyprint import HTML as Document  # noqa: N811  loaded where it is needed

    from hemaqueue.reports.fetching import HeldFetcher

    options: dict[str, Any] = {"pdf_variant": VARIANT, "pdf_tags": True}
    document = Document(string=page.html, base_url=None, url_fetcher=HeldFetcher(page.files))
    return bytes(document.write_pdf(stylesheets=[_style(_style_text())], **options))


def _style_text() -> str:
    """Return the style sheet of everything that is printed."""
    return (Path(settings.ROOT) / "frontend_templates/reports/report.css").read_text()


@lru_cache(maxsize=1)
def _style(text: str) -> Any:
    """Return the style sheet as it is used: to read it takes as long as a page does to draw."""
    from weasyprint import CSS

    from hemaqueue.reports.fetching import HeldFetcher

    return CSS(string=text, url_fetcher=HeldFetcher({}))
