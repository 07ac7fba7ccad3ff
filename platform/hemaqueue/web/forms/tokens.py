"""How long a new token shall live."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class TokenForm(forms.Form):
    days = forms.ChoiceField(
        label=_("Valid for"),
        choices=[("7", _("a week")), ("30", _("30 days")), ("90", _("90 days, the longest"))],
        initial="30",
    )
