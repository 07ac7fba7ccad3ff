"""The filters of the worklist. `reviews.queue` reads and checks what they send."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hemaqueue.accounts.models import SpecimenType, User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import sites_allowing
from hemaqueue.predictions.classes import CLASSES
from hemaqueue.reviews.queue import LONGEST, Queue
from hemaqueue.reviews.signals import Signal
from hemaqueue.web.shown.reasons import REASONS

ANY = ("", _("any"))


class WorklistForm(forms.Form):
    lane = forms.CharField(widget=forms.HiddenInput, required=False)
    q = forms.CharField(label=_("Accession or patient"), max_length=LONGEST["q"], required=False)
    site = forms.ChoiceField(label=_("Site"), required=False)
    specimen = forms.ChoiceField(
        label=_("Specimen"), choices=[ANY, *SpecimenType.choices], required=False
    )
    stain = forms.CharField(label=_("Stain"), max_length=LONGEST["stain"], required=False)
    label = forms.ChoiceField(
        label=_("Class"),
        choices=[ANY, *((code, words.name) for code, words in CLASSES.items())],
        required=False,
    )
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[ANY, *((code.value, REASONS[code].word) for code in Signal)],
        required=False,
    )
    age = forms.ChoiceField(
        label=_("Waits for"),
        choices=[
            ANY,
            ("1", _("over 1 hour")),
            ("4", _("over 4 hours")),
            ("24", _("over a day")),
            ("72", _("over 3 days")),
        ],
        required=False,
    )
    order = forms.ChoiceField(
        label=_("Order"),
        choices=[
            ("", _("urgent, then least certain")),
            ("doubt", _("least certain")),
            ("oldest", _("longest waiting")),
            ("newest", _("newest")),
        ],
        required=False,
    )

    def __init__(self, *, user: User, queue: Queue) -> None:
        super().__init__(initial={name: getattr(queue, name) for name in self.base_fields})
        sites = sites_allowing(user, act=Act.DECIDE)
        self.fields["site"].choices = [  # type: ignore[attr-defined]
            ANY,
            *((str(site.pk), site.name) for site in sites),
        ]
        self.fields["q"].widget.attrs["type"] = "search"
        if len(sites) < 2:
            del self.fields["site"]
