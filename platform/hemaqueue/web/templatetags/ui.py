"""What templates need to draw: icons, times, form widgets."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, Select
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemaqueue.common.wording import KEPT, said_once
from hemaqueue.web.cards import card_html

if TYPE_CHECKING:
    from hemaqueue.web.shown.chips import Chip
    from hemaqueue.web.shown.suggestions import Suggestion

register = template.Library()
register.filter("card", card_html)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return a vendored Bootstrap icon as inline SVG, hidden from screen readers."""
    return mark_safe(_drawing(name))  # noqa: S308  a file of this repository, never input


@cache
def _drawing(name: str) -> str:
    folder = Path(settings.ROOT) / "frontend_templates/static/vendor/bootstrap-icons"
    svg = (folder / f"{name}.svg").read_text().replace("\n", "")
    _, _, rest = svg.partition("viewBox=")
    return f'<svg class="icon" aria-hidden="true" focusable="false" viewBox={rest}'


@register.simple_tag
@lru_cache(maxsize=KEPT)
def chip(shown: Chip) -> SafeString:
    """Return a state with its colour, its icon and its word."""
    title = format_html(' title="{}"', shown.title) if shown.title else ""
    drawing = icon(shown.icon)
    return format_html(
        '<span class="chip s-{}"{}>{}{}</span>', shown.kind, title, drawing, shown.word
    )


@register.simple_tag
def thumb(url: str) -> SafeString:
    """Return the small picture of a row, or its place where there is none."""
    if not url:
        return format_html('<span class="thumb thumb-none">{}</span>', icon("images"))
    size = mark_safe('width="52" height="52" loading="lazy" decoding="async"')
    return format_html('<img class="thumb" src="{}" alt="" {}>', url, size)


@register.simple_tag
def suggestion(said: Suggestion | None) -> SafeString:
    """Return what a model said in a line: the class and its confidence, or that it is uncertain."""
    return _suggestion(said) if said else mark_safe("")


@said_once
def _suggestion(said: Suggestion) -> SafeString:
    css, word, beside = f"c-{said.code}", said.word, f"{said.band} · {said.number}"
    if said.uncertain:
        css, word, beside = "class-unsure", _("Uncertain"), said.between
    line = format_html(
        '<span class="class {}">{}</span> <span class="quiet nowrap">{}</span>', css, word, beside
    )
    return format_html("{} {}", line, _demo_mark()) if said.demonstration else line


def _demo_mark() -> SafeString:
    title = _("A demonstration model: it says nothing about a patient")
    return format_html('<span class="demo-mark" title="{}">{}</span>', title, _("demo"))


@register.filter
def ago(when: datetime | None) -> SafeString | str:
    """Return a relative time as a <time> element, the exact one on hover."""
    if when is None:
        return ""
    zone, now = timezone.get_current_timezone_name(), timezone.now()
    return format_html("{}{}</time>", _time(when, zone), relative(when, now=now))


@said_once
def _time(when: datetime, zone: str) -> SafeString:
    exact = date_format(timezone.localtime(when), "j F Y, H:i:s")
    stamp = when.isoformat(timespec="seconds")
    return format_html('<time datetime="{}" title="{} {}">', stamp, exact, zone)


def relative(when: datetime, *, now: datetime) -> str:
    """Return "just now", "4 min ago", "3 h ago", or the date when it is older than a day."""
    age = now - when
    if age < timedelta(seconds=45):
        return _("just now")
    if age < timedelta(hours=1):
        return _("%(n)d min ago") % {"n": max(1, round(age.total_seconds() / 60))}
    if age < timedelta(days=1):
        return _("%(n)d h ago") % {"n": round(age.total_seconds() / 3600)}
    return _date(timezone.localtime(when), this_year=timezone.localtime(now).year)


@said_once
def _date(local: datetime, *, this_year: int) -> str:
    return date_format(local, "j M, H:i" if local.year == this_year else "j M Y")


@register.filter
def seconds(value: float | None) -> str:
    """Return a duration as people read it: 212 ms, 4.1 s, 3 min."""
    if value is None:
        return ""
    if value < 1:
        return _("%(n)d ms") % {"n": round(value * 1000)}
    if value < 90:
        return _("%s s") % number_format(round(value, 1), 1)
    minutes = round(value / 60)
    return ngettext("%(n)d min", "%(n)d min", minutes) % {"n": minutes}


@register.filter
def filesize(value: int) -> str:
    """Return a number of bytes as kB or MB."""
    if value < 1_000_000:
        return _("%(n)d kB") % {"n": max(1, round(value / 1000))}
    return _("%s MB") % number_format(round(value / 1_000_000, 1), 1)


@register.filter
def styled(field: BoundField) -> SafeString:
    """Return the widget of `field` with the design system's classes and its error tied to it."""
    widget = field.field.widget
    base = "form-control"
    if isinstance(widget, CheckboxInput):
        base = "form-check-input"
    elif isinstance(widget, Select):
        base = "form-select"
    widget.attrs.pop("placeholder", None)  # the label says it, and stays
    attrs: dict[str, Any] = {"class": f"{base} is-invalid" if field.errors else base}
    if field.errors:
        attrs |= {"aria-invalid": "true", "aria-describedby": f"{field.id_for_label}_error"}
    return field.as_widget(attrs=attrs)
