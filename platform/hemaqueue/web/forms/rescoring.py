"""Which old images are scored again, and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hemaqueue.accounts.models import Site
from hemaqueue.evaluations.rescoring import Chosen
from hemaqueue.registry.models import LONGEST_REASON, ModelVersion
from hemaqueue.registry.selectors import models_serving


class RescoreForm(forms.Form):
    """Fields that are left empty choose everything. A count needs no reason, the order does."""

    model = forms.ModelChoiceField(ModelVersion.objects.none(), label=lazy("Scored by"))
    site = forms.ModelChoiceField(Site.objects.none(), label=lazy("Site"), required=False)
    former = forms.ModelChoiceField(
        ModelVersion.objects.none(), label=lazy("Last scored by"), required=False
    )
    since = forms.DateField(
        label=lazy("Uploaded from"), required=False, widget=forms.DateInput({"type": "date"})
    )
    until = forms.DateField(
        label=lazy("Uploaded until"), required=False, widget=forms.DateInput({"type": "date"})
    )
    reason = forms.CharField(label=lazy("Reason"), max_length=LONGEST_REASON, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: Any = self.fields
        fields["model"].queryset = models_serving()
        fields["model"].empty_label = None
        fields["site"].queryset = Site.objects.order_by("name")
        fields["site"].empty_label = _("All sites")
        fields["former"].queryset = ModelVersion.objects.order_by("name")
        fields["former"].empty_label = _("Any other version")

    def chosen(self) -> Chosen:
        """Return the choice; call after is_valid()."""
        names = ("site", "former", "since", "until")
        return Chosen(**{name: self.cleaned_data[name] for name in names})

    def order(self) -> dict[str, Any]:
        """Return the order; call after is_valid()."""
        given = self.cleaned_data
        return {
            "version": given["model"], "chosen": self.chosen(), "reason": given["reason"],
        }  # fmt: skip
