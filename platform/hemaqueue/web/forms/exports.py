"""What somebody wants to take away: the filters of the lists, a format, and a reason for names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import sites_allowing
from hemaqueue.exports.models import ExportFormat, ExportKind
from hemaqueue.exports.services import LONGEST_REASON, Wish
from hemaqueue.web.forms.audit import AuditSearchForm
from hemaqueue.web.forms.history import HistoryForm

TAKING = ("format", "identified", "reason")


class TakingForm(forms.Form):
    """How the file is to be, beside what is to be in it."""

    format = forms.ChoiceField(
        label=_("Format"), choices=[(ExportFormat.CSV, "CSV"), (ExportFormat.JSON, "JSON")]
    )
    identified = forms.BooleanField(
        label=_("With accession numbers, patient codes, file names and notes"), required=False
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=_("Needed for a file with names. It is kept with the export."),
    )

    def filters(self) -> Iterator[BoundField]:
        return (field for field in self if field.name not in TAKING)

    def taking(self) -> Iterator[BoundField]:
        return (field for field in self if field.name in TAKING)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("identified") and not values.get("reason"):
            self.add_error("reason", _("Say why names are needed."))
        return values

    def wish(self, kind: ExportKind) -> Wish:
        """Return what is wanted; call after is_valid()."""
        return Wish(
            kind=kind,
            format=self.cleaned_data["format"],
            asked=self.cleaned_data,
            identified=bool(self.cleaned_data.get("identified")),
            reason=self.cleaned_data.get("reason", ""),
        )


class ResultsExportForm(HistoryForm, TakingForm):
    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, user=user, **options)
        if not sites_allowing(user, act=Act.EXPORT_IDENTIFIED):
            del self.fields["identified"], self.fields["reason"]


class AuditExportForm(AuditSearchForm, TakingForm):
    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["identified"].label = _("With network addresses and people's names")


FORMS: dict[str, type[ResultsExportForm | AuditExportForm]] = {
    ExportKind.RESULTS: ResultsExportForm,
    ExportKind.AUDIT: AuditExportForm,
}
