"""What a technician says about the images they send; what is left empty is the site's own."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hemaqueue.accounts.models import Site, SpecimenType, User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import sites_allowing
from hemaqueue.registry.models import ModelStatus
from hemaqueue.registry.selectors import model_list
from hemaqueue.specimens.models import ImageKind
from hemaqueue.specimens.selectors import image_list
from hemaqueue.specimens.services import CaseContext
from hemaqueue.specimens.text import visible_text
from hemaqueue.web.forms.scale import scale_given


class CaseContextForm(forms.Form):
    """The form beside the drop zone. With one site, the site is no question."""

    accession = forms.CharField(
        label=_("Accession number"),
        max_length=64,
        validators=[visible_text],
        required=False,
        help_text=_("Left empty, one is made up. Never a name."),
    )
    patient = forms.CharField(
        label=_("Patient pseudonym"),
        max_length=64,
        validators=[visible_text],
        required=False,
        help_text=_("Your laboratory's code for the patient, never a name."),
    )
    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none(), empty_label=None)
    specimen = forms.ChoiceField(label=_("Specimen"), choices=SpecimenType.choices)
    stain = forms.CharField(label=_("Stain"), max_length=60, validators=[visible_text])
    kind = forms.ChoiceField(label=_("Kind of picture"), choices=ImageKind.choices)
    microns_per_pixel = forms.CharField(
        label=_("Micrometres per pixel"),
        max_length=20,
        required=False,
        help_text=_("What your objective and camera give: for the scale bar. Empty: not known."),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )
    urgent = forms.BooleanField(label=_("Urgent: read this case first"), required=False)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        sites = sites_allowing(user, act=Act.UPLOAD)
        allowed = Site.objects.filter(pk__in=[site.pk for site in sites])
        self.fields["site"].queryset = allowed  # type: ignore[attr-defined]
        for name in ("accession", "patient", "stain"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        kinds = kinds_served()
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        usual = {str(one.pk): _usual(one, user=user) for one in sites} if len(sites) > 1 else {}
        self.remembered = json.dumps(usual)  # for the script, when another site is chosen
        if sites:
            self.initial = defaults_of(sites[0], user=user) | dict(self.initial)
            if len(sites) == 1:
                self.fields["site"].widget = forms.HiddenInput()

    def clean_microns_per_pixel(self) -> float | None:
        return scale_given(self.cleaned_data["microns_per_pixel"])

    def context(self) -> CaseContext:
        """Return the checked values; call after is_valid()."""
        return CaseContext(**self.cleaned_data)


def defaults_of(site: Site, *, user: User) -> dict[str, Any]:
    """Return what `user` sent last from `site`, or what the site usually sends."""
    kinds = [kind for kind, _label in kinds_served()]
    sent = image_list(user).filter(uploaded_by=user, site=site)
    last = sent.filter(kind__in=kinds).first()
    scale = (last and last.microns_per_pixel) or site.default_microns_per_pixel
    return {
        "site": site.pk,
        "specimen": last.slide.specimen.type if last else site.default_specimen,
        "stain": last.slide.stain if last else site.default_stain,
        "kind": last.kind if last else kinds[0],
        "microns_per_pixel": scale or "",
    }


def _usual(site: Site, *, user: User) -> dict[str, Any]:
    return {name: value for name, value in defaults_of(site, user=user).items() if name != "site"}


def kinds_served() -> list[tuple[str, str]]:
    """Return the kinds of picture that a model serves; the others could not be worked on."""
    serving = model_list().filter(status=ModelStatus.SERVING).values_list("image_kind", flat=True)
    known = set(serving)
    return [(kind.value, str(kind.label)) for kind in ImageKind if kind in known or not known]
