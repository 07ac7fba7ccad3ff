"""What a clinician says of an image. Nothing is preset; the service decides what is complete."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hemaqueue.predictions.classes import CLASSES
from hemaqueue.reviews.models import Choice, Reason
from hemaqueue.reviews.services import Verdict

BESIDE_CLASSES = (Choice.UNCERTAIN, Choice.UNUSABLE)


class DecisionForm(forms.Form):
    choice = forms.ChoiceField(
        label=_("Decision"),
        choices=[(code, words.name) for code, words in CLASSES.items()]
        + [(choice.value, choice.label) for choice in BESIDE_CLASSES],
        error_messages={"required": _("Choose what you see.")},
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(
        label=_("Why it differs from the suggestion"),
        choices=[("", _("choose a reason")), *Reason.choices],
        required=False,
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def verdict(self, *, seconds: float | None) -> Verdict:
        """Return what was chosen; call after is_valid()."""
        chosen = self.cleaned_data["choice"]
        is_class = chosen in CLASSES
        return Verdict(
            choice=Choice.LABEL if is_class else chosen,
            label=chosen if is_class else "",
            reason=self.cleaned_data["reason"],
            note=self.cleaned_data["note"],
            stamp=self.cleaned_data["seen"],
            seconds=seconds,
        )
