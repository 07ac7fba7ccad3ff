"""A model card's Markdown as HTML: headings, lists, tables, paragraphs; all else stays text.

A card is written by whoever made the bundle, so everything is escaped and no address is a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

HEADING = re.compile(r"(#{1,4})\s+(.*)")
BULLET = re.compile(r"[-*]\s+(.*)", re.DOTALL)
RULE = re.compile(r"[\s:|-]*-[\s:|-]*")
STRONG = re.compile(r"\*\*(.+?)\*\*")
EMPHASIS = re.compile(r"(?<!\*)\*([^*]+)\*(?!\*)")
CODE = re.compile(r"`(.+?)`")
ITEM_BEGINS = re.compile(r"\n(?=[-*]\s)")


def card_html(text: str) -> SafeString:
    """Return the card as safe HTML; its headings begin at the third level."""
    return mark_safe("\n".join(_blocks(text)))  # noqa: S308  every piece went through escape()


def _blocks(text: str) -> Iterator[str]:
    for block in re.split(r"\n\s*\n|(?<=\n)(?=#)", text.replace("\r", "")):
        lines = block.strip().splitlines()
        if not lines:
            continue
        if heading := HEADING.fullmatch(lines[0].strip()):
            level = min(len(heading[1]) + 2, 6)
            yield f"<h{level}>{_inline(heading[2])}</h{level}>"
            lines = lines[1:]
        if lines:
            yield _block(lines)


def _block(lines: list[str]) -> str:
    if lines[0].lstrip().startswith("|"):
        return _table(lines)
    if BULLET.match(lines[0]):
        items = [BULLET.sub(r"\1", item) for item in ITEM_BEGINS.split("\n".join(lines))]
        return "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + "</ul>"
    return f"<p>{_inline(' '.join(lines))}</p>"


def _table(lines: list[str]) -> str:
    rows = [
        line.strip().strip("|").split("|") for line in lines if not RULE.fullmatch(line.strip())
    ]
    head, *body = rows
    named = _row(head, tag="th") if any(cell.strip() for cell in head) else ""
    shown = named + "".join(_row(row, tag="td") for row in body)
    return f'<div class="card-table"><table>{shown}</table></div>'


def _row(cells: list[str], *, tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{_inline(cell.strip())}</{tag}>" for cell in cells) + "</tr>"


def _inline(text: str) -> str:
    safe = str(escape(text))
    for mark, tag in ((STRONG, "strong"), (EMPHASIS, "em"), (CODE, "code")):
        safe = mark.sub(rf"<{tag}>\1</{tag}>", safe)
    return safe
