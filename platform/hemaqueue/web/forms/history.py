"""Filters of the history. The query string is the filter: it can be kept and sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hemaqueue.accounts.models import Site, User
from hemaqueue.accounts.roles import Act, roles_allowing
from hemaqueue.accounts.selectors import site_ids
from hemaqueue.predictions.classes import CLASSES
from hemaqueue.registry.models import ModelVersion
from hemaqueue.registry.selectors import model_list
from hemaqueue.reviews.first_reads import images_revealed
from hemaqueue.reviews.searching import narrowed
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.shown.flags import CHECKS

ANY = ("", _("any"))
DATE = {"type": "date"}
OF_RESULTS = ("label", "band", "flag", "model")  # what these find tells of a result


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, person: User) -> str:
        return person.printed_name


class ModelField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, version: ModelVersion) -> str:
        return version.name


class HistoryForm(forms.Form):
    q = forms.CharField(label=_("Accession begins with"), max_length=64, required=False)
    label = forms.ChoiceField(
        label=_("Suggestion"),
        choices=[ANY, *((code, words.name) for code, words in CLASSES.items())],
        required=False,
    )
    band = forms.ChoiceField(
        label=_("Confidence"),
        choices=[ANY, ("high", _("high")), ("moderate", _("moderate")), ("low", _("low"))],
        required=False,
    )
    flag = forms.ChoiceField(
        label=_("Check first"),
        choices=[ANY, *((code, check.word) for code, check in CHECKS.items())],
        required=False,
    )
    status = forms.ChoiceField(
        label=_("State"),
        choices=[
            ANY,
            ("waiting", _("waiting or working")),
            ("done", _("classified")),
            ("failed", _("failed")),
            ("returned", _("sent back to the bench")),
            ("unread", _("classified, not read")),
            ("read", _("read")),
            ("signed", _("signed")),
        ],
        required=False,
    )
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), required=False, empty_label=ANY[1]
    )
    reader = PersonField(
        label=_("Read by"), queryset=User.objects.none(), required=False, empty_label=ANY[1]
    )
    model = ModelField(
        label=_("Model"),
        queryset=ModelVersion.objects.none(),
        required=False,
        empty_label=ANY[1],
        to_field_name="name",
    )
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        mine = site_ids(user)
        self._offer("site", Site.objects.filter(pk__in=mine).order_by("name"))
        self._offer("reader", readers_at(mine))
        self._offer("model", model_list().prefetch_related(None).only("name").order_by("name"))
        self.fields["q"].widget.attrs["type"] = "search"
        if len(mine) < 2:
            del self.fields["site"]

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    @property
    def is_narrowing(self) -> bool:
        return self.is_bound and (not self.is_valid() or any(self.cleaned_data.values()))

    def narrow(self, images: QuerySet[SmearImage]) -> QuerySet[SmearImage]:
        """Return the images that match; none for a filter that cannot be read."""
        if not self.is_bound:
            return images
        if not self.is_valid():
            return images.none()
        if any(self.cleaned_data[name] for name in OF_RESULTS):
            images = images_revealed(images, reader=self.user)
        return narrowed(images, self.cleaned_data)


def readers_at(sites: list[Any]) -> QuerySet[User]:
    """Return who may decide at one of `sites`, active or not: they may have decided before."""
    reading = roles_allowing(Act.DECIDE)
    found = User.objects.filter(memberships__site__in=sites, memberships__role__in=reading)
    return found.distinct().order_by("last_name", "username")
