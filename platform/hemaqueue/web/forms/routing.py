"""Passing an image or a case on: to a colleague, to the bench, back from it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hemaqueue.accounts.models import User
from hemaqueue.reviews.models import ReturnReason
from hemaqueue.reviews.referring import LONGEST_NOTE

ACCEPTED = ".jpg,.jpeg,.png,.tif,.tiff,image/jpeg,image/png,image/tiff"


def words(label: Any, *, required: bool = True, **options: Any) -> forms.CharField:
    """Return a field of a few lines."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        **options,
    )


class ReaderField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: User) -> str:
        return obj.printed_name


class ReferForm(forms.Form):
    """Colleagues of the site are chosen; one of another site is named."""

    colleague = ReaderField(
        label=_("Colleague"),
        queryset=User.objects.none(),
        required=False,
        to_field_name="username",
        empty_label=_("choose a clinician of this site"),
    )
    elsewhere = forms.CharField(
        label=_("Or the user name of a clinician of another site"),
        max_length=150,
        required=False,
        help_text=_("They are shown this one case. Ask them for the name."),
    )
    note = words(_("What should they look at?"))

    def __init__(self, *args: Any, colleagues: QuerySet[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["colleague"].queryset = colleagues  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("colleague")) == bool((given.get("elsewhere") or "").strip()):
            raise forms.ValidationError(_("Name one colleague: choose, or write a user name."))
        return given

    @property
    def username(self) -> str:
        """Whom the form names; call after is_valid()."""
        chosen = self.cleaned_data["colleague"]
        return str(chosen.username if chosen else self.cleaned_data["elsewhere"])


class ReferralAnswerForm(forms.Form):
    answer = words(_("Your answer"), required=False)


class ReturnForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why it goes back"),
        choices=[("", _("choose a reason")), *ReturnReason.choices],
    )
    note = words(
        _("Note to the bench"), required=False, help_text=_("Needed where the reason is another.")
    )


class BenchAnswerForm(forms.Form):
    """Another picture of the case, or a word that there is none."""

    file = forms.FileField(
        label=_("A better picture of the same case"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
        help_text=_("JPEG, PNG or single-page TIFF. It takes the place of the one sent back."),
    )
    answer = words(_("Or say why there is none"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("file")) == bool((given.get("answer") or "").strip()):
            raise forms.ValidationError(_("Send one picture, or say why there is none."))
        return given
