"""What an administrator may ask of the audit trail."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hemaqueue.audit.models import AuditEvent, Outcome
from hemaqueue.audit.searching import events_narrowed

DATE = forms.DateInput(attrs={"type": "date"})


class AuditSearchForm(forms.Form):
    who = forms.CharField(label=_("User name"), max_length=150, required=False)
    action = forms.CharField(label=_("Act begins with"), max_length=60, required=False)
    object = forms.CharField(label=_("Object's id"), max_length=64, required=False)
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("", _("any")), (Outcome.DONE, _("done")), (Outcome.DENIED, _("denied"))],
        required=False,
    )
    since = forms.DateField(label=_("From"), required=False, widget=DATE)
    until = forms.DateField(label=_("To"), required=False, widget=DATE)

    def narrow(self, events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        """Return the events that match what was entered; nothing for an invalid form."""
        if not self.is_bound:
            return events
        if not self.is_valid():
            return events.none()
        return events_narrowed(events, self.cleaned_data)
