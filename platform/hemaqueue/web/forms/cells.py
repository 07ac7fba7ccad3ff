"""A cell as a form sends it: a box as parts of the picture, a class, the version that was seen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hemaqueue.predictions.classes import CLASSES
from hemaqueue.reviews.cells import Box


def _part(label: Any) -> forms.FloatField:
    return forms.FloatField(label=label, min_value=0, max_value=1)


class CellForm(forms.Form):
    label = forms.ChoiceField(
        label=_("Class"),
        choices=[(code, words.name) for code, words in CLASSES.items()],
        required=False,
    )
    left = _part(_("Left"))
    top = _part(_("Top"))
    width = _part(_("Width"))
    height = _part(_("Height"))
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def box(self) -> Box:
        """Return the box; call after is_valid()."""
        return Box(*(self.cleaned_data[side] for side in ("left", "top", "width", "height")))
