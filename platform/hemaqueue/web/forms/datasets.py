"""How a data set is brought in, what its classes are called here, and how labels are frozen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from hemaqueue.predictions.classes import class_words
from hemaqueue.specimens.models import ImageKind
from hemaqueue.training.dataset_selectors import datasets_ready
from hemaqueue.training.lessons import Sources
from hemaqueue.training.models import Dataset, Layout
from hemaqueue.training.naming import class_codes

CONFIRMED = "confirmed"


class DatasetForm(forms.Form):
    """The ZIP itself is read apart: it is sealed while it arrives."""

    name = forms.CharField(label=lazy("Name"), max_length=120)
    kind = forms.ChoiceField(label=lazy("Kind of image"), choices=ImageKind.choices)
    layout = forms.ChoiceField(label=lazy("Layout"), required=False)
    source = forms.CharField(
        label=lazy("Whose it is, and its licence"), max_length=300, required=False
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        layout: Any = self.fields["layout"]
        layout.choices = [("", _("Found out by itself")), *Layout.choices]


class NamesForm(forms.Form):
    """One choice for each name of a class in the set; empty leaves it out."""

    def __init__(self, *args: Any, dataset: Dataset, **more: Any) -> None:
        super().__init__(*args, **more)
        self.names = sorted(dataset.names)
        codes = [(code, str(class_words(code).name)) for code in class_codes(dataset.kind)]
        for number, name in enumerate(self.names):
            count = dataset.found["classes"].get(name, 0)
            pictures = ngettext("%(n)d picture", "%(n)d pictures", count) % {"n": count}
            self.fields[f"name{number}"] = forms.ChoiceField(
                label=f"{name} ({pictures})",
                choices=[("", _("left out")), *codes],
                initial=dataset.names[name],
                required=False,
            )

    def chosen(self) -> dict[str, str]:
        return {name: self.cleaned_data[f"name{n}"] for n, name in enumerate(self.names)}


class SourcesForm(forms.Form):
    """From where labels are taken: readers, and data sets that were imported."""

    kind = forms.ChoiceField(choices=ImageKind.choices, widget=forms.HiddenInput)
    sources = forms.MultipleChoiceField(
        label=lazy("Labels from"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        kind = self.data.get("kind") or self.initial.get("kind", "")
        known: Any = self.fields["sources"]
        known.choices = [
            (CONFIRMED, _("What readers confirmed")),
            *((str(one.pk), one.name) for one in datasets_ready(kind)),
        ]

    def chosen(self) -> Sources:
        said = self.cleaned_data["sources"]
        return Sources(CONFIRMED in said, tuple(one for one in said if one != CONFIRMED))


class FrozenForm(SourcesForm):
    """How much of what the sources hold is kept for judging, and why."""

    percent = forms.IntegerField(
        label=lazy("Share of the groups in percent"), min_value=1, max_value=100, initial=20
    )
    reason = forms.CharField(label=lazy("Reason"), max_length=300)
