"""Signing and amending: a meaning and the own password, or a reason."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hemaqueue.reviews.amending import LONGEST_REASON
from hemaqueue.reviews.models import Meaning


class SignForm(forms.Form):
    """Nothing is preset: what a signature means is chosen each time."""

    meaning = forms.ChoiceField(
        label=_("What your signature means"),
        choices=[("", _("choose")), *Meaning.choices],
    )
    password = forms.CharField(
        label=_("Your password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    stamp = forms.CharField(max_length=64, widget=forms.HiddenInput)


class AmendForm(forms.Form):
    reason = forms.CharField(
        label=_("Why the case is opened again"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is printed on the amended report."),
    )
