"""Why something must not teach a model."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hemaqueue.reviews.withdrawing import LONGEST_REASON


class ReasonForm(forms.Form):
    """What is done is named by a hidden field, so that a page that is out of date is refused."""

    done = ""
    scope = forms.ChoiceField(widget=forms.HiddenInput())
    reason = forms.CharField(
        label=_("Why"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        scope: Any = self.fields["scope"]
        scope.choices, scope.initial = [(self.done, self.done)], self.done


class TeachAgainForm(ReasonForm):
    done = "back"


class PictureForm(ReasonForm):
    done = "image"


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
