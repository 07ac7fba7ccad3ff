"""Which version is tried on what comes in, on how much of it, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hemaqueue.accounts.models import Site
from hemaqueue.evaluations.shadowing import MAY_SHADOW
from hemaqueue.registry.models import LONGEST_REASON, ModelVersion


class ShadowForm(forms.Form):
    version = forms.ModelChoiceField(ModelVersion.objects.none(), label=lazy("Version to try"))
    site = forms.ModelChoiceField(Site.objects.none(), label=lazy("Site"), required=False)
    percent = forms.IntegerField(
        label=lazy("Share of the images, in per cent"), min_value=1, max_value=100, initial=10
    )
    reason = forms.CharField(label=lazy("Reason"), max_length=LONGEST_REASON)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: Any = self.fields
        fields["version"].queryset = known = ModelVersion.objects.filter(status__in=MAY_SHADOW)
        if not known.exists():
            fields["version"].help_text = _("There is no candidate yet: train one first.")
        fields["site"].queryset = Site.objects.order_by("name")
        fields["version"].empty_label = _("choose")
        fields["site"].empty_label = _("All sites")

    def order(self) -> dict[str, Any]:
        """Return the order; call after is_valid()."""
        names = ("version", "site", "percent", "reason")
        return {name: self.cleaned_data[name] for name in names}
