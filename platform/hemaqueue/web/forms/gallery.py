"""What the gallery sends: a class for one card, or many cards with the own password."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from hemaqueue.predictions.classes import CLASSES
from hemaqueue.reviews.models import Reason


class CardForm(forms.Form):
    label = forms.ChoiceField(choices=[(code, words.name) for code, words in CLASSES.items()])
    reason = forms.ChoiceField(
        label=_("Why, where you choose another class"),
        choices=[("", _("choose a reason")), *Reason.choices],
        required=False,
    )


class ConfirmForm(forms.Form):
    images = forms.Field(widget=forms.MultipleHiddenInput, required=False)
    password = forms.CharField(
        label=_("Your password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_images(self) -> list[UUID]:
        try:
            return [UUID(one) for one in self.cleaned_data["images"] or []]
        except ValueError:
            raise forms.ValidationError(_("Choose the images again.")) from None
