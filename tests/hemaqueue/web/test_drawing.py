"""Fields drawn by hand say what Django's own templates say."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from hemaqueue.web.drawing import FieldRenderer


class Every(forms.Form):
    text = forms.CharField(initial='"a" <b> & c', max_length=9, help_text="Not this.")
    empty = forms.CharField(required=False)
    hidden = forms.CharField(widget=forms.HiddenInput, initial="x")
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), initial="2026-11-21")
    number = forms.IntegerField(initial=1234567, min_value=0)
    word = forms.CharField(widget=forms.PasswordInput, initial="never shown")
    yes = forms.BooleanField(initial=True)
    one = forms.ChoiceField(choices=[("", "any"), ("a", "<A>"), ("b", "B")], initial="b")
    some = forms.MultipleChoiceField(choices=[(1, "one"), (2, "two")], initial=[1, 2])
    note = forms.CharField(widget=forms.Textarea, initial="a\nb")


class Tags(HTMLParser):
    """Collects what a browser reads: tags with their attributes, and the words between."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[object] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append(data.strip())


def drawn(name: str, *, renderer: type[DjangoTemplates] | type[FieldRenderer]) -> list[object]:
    form = Every(renderer=renderer())
    html = form[name].as_widget(attrs={"class": "form-control", "data-on": True, "lost": False})
    return Tags(html).found


@pytest.mark.parametrize("name", list(Every.base_fields))
def test_a_field_is_the_same(name: str) -> None:
    ours, django_s = (drawn(name, renderer=one) for one in (FieldRenderer, DjangoTemplates))
    assert ours == django_s
    assert "lost" not in str(ours)
