"""How large a pixel is, as people write it: with a point or a comma, or not at all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hemaqueue.common.scale import scale_read
from hemaqueue.specimens.scale import LONGEST_REASON


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


class ScaleForm(forms.Form):
    microns_per_pixel = forms.CharField(
        label=lazy("Micrometres per pixel"),
        max_length=20,
        required=False,
        help_text=lazy("For example 0.065 with an oil objective. Empty: not known."),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )

    def clean_microns_per_pixel(self) -> Any:
        return scale_given(self.cleaned_data["microns_per_pixel"])


class SiteScaleForm(ScaleForm):
    """What the site's microscope gives where a sender says nothing else."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        said = _("For images whose sender says nothing else. Empty: not known.")
        self.fields["microns_per_pixel"].help_text = said


class ImageScaleForm(ScaleForm):
    """What an image has, corrected; `images` is how many its case has."""

    scope = forms.ChoiceField(label=lazy("For"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=lazy("Why"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, images: int, **options: Any) -> None:
        super().__init__(*args, **options)
        if images < 2:
            del self.fields["scope"]
            return
        self.fields["scope"].choices = [  # type: ignore[attr-defined]
            ("image", _("this image")),
            ("case", _("all %(n)d images of the case") % {"n": images}),
        ]

    @property
    def whole_case(self) -> bool:
        return bool(self.cleaned_data.get("scope") == "case")
