"""How a run is asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hemaqueue.specimens.models import ImageKind
from hemaqueue.training.models import EPOCHS_MOST, EPOCHS_USUAL


class TrainingForm(forms.Form):
    """One stands on the page for each kind of image, so their fields' ids bear the kind."""

    kind = forms.ChoiceField(choices=ImageKind.choices, widget=forms.HiddenInput)
    epochs = forms.IntegerField(
        label=_("Epochs"), min_value=1, max_value=EPOCHS_MOST, initial=EPOCHS_USUAL
    )

    @classmethod
    def of_kind(cls, kind: str) -> TrainingForm:
        given: dict[str, Any] = {"kind": kind, "epochs": EPOCHS_USUAL}
        return cls(initial=given, auto_id=f"{kind}_%s")
