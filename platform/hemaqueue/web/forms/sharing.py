"""With whom a case is shared: one colleague, by user name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hemaqueue.accounts.models import User


class ShareForm(forms.Form):
    """The name is typed, not chosen: nobody browses the people of other sites."""

    colleague = forms.CharField(
        label=_("User name of the colleague"),
        max_length=150,
        help_text=_("Ask them for it; it stands in their account menu."),
    )

    def __init__(self, *args: Any, colleagues: QuerySet[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.colleagues = colleagues
        self.fields["colleague"].widget.attrs["autocomplete"] = "off"

    def clean_colleague(self) -> User:
        found = self.colleagues.filter(username=self.cleaned_data["colleague"].strip()).first()
        if found is None:
            raise forms.ValidationError(_("Nobody has this user name. Check it with them."))
        return found
