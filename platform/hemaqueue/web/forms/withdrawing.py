"""Why something must not teach a model."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hemaqueue.reviews.withdrawing import LONGEST_REASON


class TeachAgainForm(forms.Form):
    scope = forms.ChoiceField(
        choices=[("back", "back")], initial="back", widget=forms.HiddenInput()
    )
    reason = forms.CharField(
        label=_("Why"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )


class WithdrawalForm(forms.Form):
    scope = forms.ChoiceField(
        label=_("What must not teach"),
        choices=[
            ("", _("choose")),
            ("label", _("The label as it stands; a later decision gives another")),
            ("image", _("The image, whatever is decided about it")),
        ],
    )
    reason = forms.CharField(
        label=_("Why"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )
