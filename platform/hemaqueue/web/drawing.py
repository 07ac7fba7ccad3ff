"""Fields of forms without a template for each of their parts: what a page with filters has most of.

Django renders a template for every field, and two more for every option of a choice. These draw
the same by hand; every other widget keeps Django's template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Widget = Mapping[str, Any]
FOLDER = "django/forms/widgets/"


def _attributes(named: Mapping[str, Any]) -> SafeString:
    """Return attributes; one that is True stands alone, one that is False is left out."""
    alone = ((name,) for name, value in named.items() if value is True)
    given = ((name, value) for name, value in named.items() if not isinstance(value, bool))
    return format_html_join("", ' {}="{}"', given) + format_html_join("", " {}", alone)


def _input(widget: Widget) -> SafeString:
    own = {"type": widget["type"], "name": widget["name"]}
    if widget["value"] is not None:
        own["value"] = widget["value"]
    return format_html("<input{}{}>", _attributes(own), _attributes(widget["attrs"]))


def _select(widget: Widget) -> SafeString:
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (one["value"], SafeString(" selected") if one["selected"] else "", one["label"])
            for _group, options, _number in widget["optgroups"]
            for one in options
        ),
    )
    attributes = _attributes(widget["attrs"])
    return format_html('<select name="{}"{}>{}</select>', widget["name"], attributes, options)


DRAWN: Mapping[str, Callable[[Widget], SafeString]] = {
    f"{FOLDER}{name}.html": _input
    for name in ("text", "hidden", "date", "number", "password", "checkbox", "email")
} | {f"{FOLDER}select.html": _select}


class FieldRenderer(TemplatesSetting):
    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        if draw := DRAWN.get(template_name):
            return draw(context["widget"])
        return super().render(template_name, context, request)
