"""What a technician types about a case is readable, at every door."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from hemaqueue.api.bodies import ContextBody
from hemaqueue.specimens.text import visible_text
from hemaqueue.web.forms.case_context import CaseContextForm

DOORS = ("accession", "patient", "stain")


@pytest.mark.parametrize(
    "text", ["24-1187", "é" * 30, "e\u0301", "<script>", "=cmd|calc", "血-7", ""]
)
def test_what_can_be_seen_is_accepted(text: str) -> None:
    visible_text(text)


@pytest.mark.parametrize(
    "text", ["24-\ufffd", "\u202e7811", "24\u200b-1", "a\x00b", "a\nb", "\u2028"]
)
def test_what_nobody_can_tell_apart_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        visible_text(text)


@pytest.mark.parametrize("name", DOORS)
def test_form_and_interface_refuse_the_same(name: str) -> None:
    body = ContextBody(data={name: "24-\u202e1187"})
    assert not body.is_valid()
    assert list(body.errors) == [name]
    assert visible_text in CaseContextForm.base_fields[name].validators
