"""How long a new token shall live, what it is for, and at which site."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hemaqueue.accounts.models import Site, User
from hemaqueue.accounts.scopes import USUAL, Scope
from hemaqueue.accounts.selectors import site_ids


class TokenForm(forms.Form):
    """With one site, the site is no question."""

    days = forms.ChoiceField(
        label=_("Valid for"),
        choices=[("7", _("a week")), ("30", _("30 days")), ("90", _("90 days, the longest"))],
        initial="30",
    )
    site = forms.ModelChoiceField(
        label=_("Site"),
        queryset=Site.objects.none(),
        required=False,
        empty_label=_("every site of mine"),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it is for"),
        choices=Scope.choices,
        initial=list(USUAL),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        sites = Site.objects.filter(pk__in=site_ids(user))
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        if len(sites) < 2:
            del self.fields["site"]

    def wanted(self) -> dict[str, Any]:
        """Return what the service takes."""
        said = self.cleaned_data
        return {"days": int(said["days"]), "scopes": said["scopes"], "site": said.get("site")}
