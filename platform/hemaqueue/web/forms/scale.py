"""How large a pixel is, as people write it: with a point or a comma, or not at all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hemaqueue.common.scale import scale_read


def scale_given(text: str) -> float | None:
    """Return the number in a field's text, None where it was left empty.

    Raises:
        ValidationError: it is no scale that a microscope gives.
    """
    if not text.strip():
        return None
    found = scale_read(text)
    if found is None:
        raise forms.ValidationError(_("Micrometres per pixel is a number from 0.01 to 10."))
    return found


class SiteScaleForm(forms.Form):
    """What the site's microscope gives where a sender says nothing else."""

    microns_per_pixel = forms.CharField(
        label=lazy("Micrometres per pixel"),
        max_length=20,
        required=False,
        help_text=lazy("For images whose sender says nothing else. Empty: not known."),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )

    def clean_microns_per_pixel(self) -> Any:
        return scale_given(self.cleaned_data["microns_per_pixel"])
