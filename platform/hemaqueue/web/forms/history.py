"""Filters of the history. The query string is the filter: it can be kept and sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hemaqueue.accounts.models import Site, User
from hemaqueue.accounts.selectors import site_ids
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import RETRYABLE, JobState
from hemaqueue.predictions.classes import CLASSES
from hemaqueue.predictions.models import Prediction
from hemaqueue.reviews.models import Decision
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.shown.flags import CHECKS
from jobcontract.names import Work

ANY = ("", _("any"))
DATE = {"type": "date"}
LIVE = (JobState.QUEUED, JobState.SENT, JobState.RUNNING)


class HistoryForm(forms.Form):
    q = forms.CharField(label=_("Accession begins with"), max_length=64, required=False)
    label = forms.ChoiceField(
        label=_("Suggestion"),
        choices=[ANY, *((code, words.name) for code, words in CLASSES.items())],
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
            ("unread", _("classified, not read")),
            ("read", _("read")),
        ],
        required=False,
    )
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), required=False, empty_label=ANY[1]
    )
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        sites = Site.objects.filter(pk__in=site_ids(user)).order_by("name")
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        self.fields["q"].widget.attrs["type"] = "search"
        if len(sites) < 2:
            del self.fields["site"]

    @property
    def is_narrowing(self) -> bool:
        return self.is_bound and (not self.is_valid() or any(self.cleaned_data.values()))

    def narrow(self, images: QuerySet[SmearImage]) -> QuerySet[SmearImage]:
        """Return the images that match; none for a filter that cannot be read."""
        if not self.is_bound:
            return images
        if not self.is_valid():
            return images.none()
        asked = self.cleaned_data
        plain = {
            "case__accession__istartswith": asked["q"].strip(),
            "site": asked.get("site"),
            "uploaded_at__date__gte": asked["since"],
            "uploaded_at__date__lte": asked["until"],
        }
        images = images.filter(**{path: value for path, value in plain.items() if value})
        if asked["label"]:
            images = images.filter(Exists(_said().filter(label=asked["label"])))
        if asked["flag"]:
            flagged = Exists(_said().filter(flags__contains=[asked["flag"]]))
            images = images.filter(flagged | Q(quality_flags__contains=[asked["flag"]]))
        return images.filter(_status(asked["status"])) if asked["status"] else images


def _said() -> QuerySet[Prediction]:
    found: QuerySet[Prediction] = Prediction.objects.filter(image=OuterRef("pk"))
    return found


def _status(status: str) -> Q:
    jobs = Job.objects.filter(subject=OuterRef("pk"), work=Work.CLASSIFY_SMEARS)
    decided = Exists(Decision.objects.filter(image=OuterRef("pk")))
    return {
        "waiting": Q(Exists(jobs.filter(state__in=LIVE))),
        "done": Q(Exists(_said())),
        "failed": Q(Exists(jobs.filter(state__in=RETRYABLE))),
        "unread": Q(Exists(_said())) & ~Q(decided),
        "read": Q(decided),
    }[status]
