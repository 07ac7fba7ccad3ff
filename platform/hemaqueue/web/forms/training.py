"""How a run is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hemaqueue.registry.selectors import kinds_served
from hemaqueue.specimens.models import ImageKind
from hemaqueue.training.models import EPOCHS_MOST, EPOCHS_USUAL
from hemaqueue.training.networks import CHANGES, NETWORKS
from hemaqueue.training.services import Order
from hemaqueue.training.snapshots import snapshot_list

LISTED = 20
MAIN = ("kind", "epochs")


class TrainingForm(forms.Form):
    """One stands on the page for each kind of image, so their fields' ids bear the kind."""

    kind = forms.ChoiceField(choices=ImageKind.choices, widget=forms.HiddenInput)
    epochs = forms.IntegerField(
        label=lazy("Epochs"), min_value=1, max_value=EPOCHS_MOST, initial=EPOCHS_USUAL
    )
    network = forms.ChoiceField(label=lazy("Network"), required=False)
    snapshot = forms.ChoiceField(label=lazy("Learns from"), required=False)
    learning_rate = forms.FloatField(
        label=lazy("Learning rate"), min_value=1e-6, max_value=1, required=False
    )
    batch_size = forms.IntegerField(
        label=lazy("Batch size"), min_value=2, max_value=256, required=False
    )
    input_size = forms.IntegerField(
        label=lazy("Input size in pixels"), min_value=32, max_value=512, required=False
    )
    patience = forms.IntegerField(
        label=lazy("Patience in epochs"),
        help_text=lazy("It ends when nothing got better for so many. Empty or 0: never early."),
        min_value=0,
        max_value=EPOCHS_MOST,
        required=False,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        kind = self.data.get("kind") or self.initial.get("kind", "")
        choices: Any = self.fields
        going_on = [("", _("The version that serves goes on learning"))]
        choices["network"].choices = [
            *(going_on if kind in kinds_served() else []),
            *((name, _("%s, from nothing") % name) for name in NETWORKS),
        ]
        choices["snapshot"].choices = [("", _("What is confirmed now")), *_snapshots(kind)]

    @classmethod
    def of_kind(cls, kind: str) -> TrainingForm:
        given: dict[str, Any] = {"kind": kind, "epochs": EPOCHS_USUAL}
        return cls(initial=given, auto_id=f"{kind}_%s")

    @classmethod
    def asked(cls, data: QueryDict) -> TrainingForm:
        made = cls(data)
        made.auto_id = f"{made.known_kind}_%s"
        return made

    @property
    def known_kind(self) -> str:
        """Return the kind that was sent, empty where there is none such."""
        sent = str(self.data.get("kind", ""))
        return sent if sent in ImageKind.values else ""

    def further(self) -> Iterator[BoundField]:
        return (field for field in self if field.name not in MAIN)

    def order(self) -> Order:
        said = self.cleaned_data
        return Order(
            said["kind"],
            epochs=said["epochs"],
            network=said["network"],
            snapshot=said["snapshot"] or None,
            changes={name: said[name] for name in CHANGES if said[name]},
        )


def _snapshots(kind: str) -> Iterator[tuple[str, str]]:
    for one in snapshot_list().filter(kind=kind)[:LISTED]:
        when = date_format(localtime(one.made_at), "j M, H:i")
        facts = {"name": one.digest[:8], "n": sum(one.counts.values()), "when": when}
        yield str(one.pk), _("Snapshot %(name)s: %(n)d images, %(when)s") % facts
