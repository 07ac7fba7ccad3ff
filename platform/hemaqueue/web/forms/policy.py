"""How a site reads, as a form. Ranges are the model's own."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hemaqueue.reviews.models import ReviewPolicy
from hemaqueue.reviews.policy import LONGEST_REASON, PolicyValues


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    why = forms.CharField(
        label=_("Why it changes"), max_length=LONGEST_REASON, widget=forms.Textarea({"rows": 2})
    )

    class Meta:
        model = ReviewPolicy
        fields = (
            "blind_first_read",
            "clear_confidence",
            "urgent_hours",
            "routine_hours",
            "double_read_percent",
        )
        labels = {
            "blind_first_read": _("Readers say what they see before the suggestion is shown"),
            "clear_confidence": _("A benign case is clear from this confidence"),
            "urgent_hours": _("An urgent case is overdue after (hours)"),
            "routine_hours": _("Any other case is overdue after (hours)"),
            "double_read_percent": _("Cases that a second reader reads as well (%)"),
        }

    def values(self) -> PolicyValues:
        """Return what was set; call after is_valid()."""
        return PolicyValues(**{name: self.cleaned_data[name] for name in self.Meta.fields})
