"""Gates, thresholds and card texts as forms. Ranges are the models' own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hemaqueue.evaluations.models import GatePolicy
from hemaqueue.evaluations.policy import LIMITS
from hemaqueue.registry.cards import TEXTS
from hemaqueue.registry.models import LONGEST_REASON, CardText


class GateForm(forms.ModelForm):  # type: ignore[type-arg]
    why = forms.CharField(
        label=_("Why they change"), max_length=1000, widget=forms.Textarea({"rows": 2})
    )

    class Meta:
        model = GatePolicy
        fields = LIMITS

    def limits(self) -> dict[str, Any]:
        """Return what was set; call after is_valid()."""
        return {name: self.cleaned_data[name] for name in LIMITS}


class PointForm(forms.Form):
    decision = forms.FloatField(
        label=_("Malignant from"), min_value=0.001, max_value=0.999,
        widget=forms.NumberInput({"step": "any"}),
    )  # fmt: skip
    abstain = forms.FloatField(
        label=_("Uncertain below"), min_value=0.001, max_value=0.999,
        widget=forms.NumberInput({"step": "any"}),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON)


class CardForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = CardText
        fields = TEXTS
        widgets = {name: forms.Textarea({"rows": 3}) for name in TEXTS}
