"""Searching the history. A value that means nothing finds nothing, or is refused; never more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import RETRYABLE, JobState
from hemaqueue.predictions.models import Prediction
from hemaqueue.reviews.first_reads import images_revealed
from hemaqueue.specimens.models import ImageKind, SmearImage
from jobcontract.names import Work

if TYPE_CHECKING:
    Images = QuerySet[SmearImage]

STATES: dict[str, tuple[str, ...]] = {
    "waiting": (JobState.QUEUED, JobState.SENT),
    "working": (JobState.RUNNING,),
    "failed": tuple(RETRYABLE),
    "cancelled": (JobState.CANCELLED,),
}


class ImageFilter(filters.FilterSet):
    """`date` is a day; `uploaded_after` and `uploaded_before` are moments, and inclusive."""

    date = filters.DateFilter(field_name="uploaded_at", lookup_expr="date")
    uploaded_after = filters.IsoDateTimeFilter(field_name="uploaded_at", lookup_expr="gte")
    uploaded_before = filters.IsoDateTimeFilter(field_name="uploaded_at", lookup_expr="lte")
    site = filters.CharFilter(method="of_site", label="Slug or id")
    label = filters.CharFilter(method="with_label")
    flag = filters.CharFilter(method="with_flag")
    status = filters.ChoiceFilter(
        method="in_state",
        choices=[(name, name) for name in ("done", *STATES)],
        label="What is paused is found with what is waiting",
    )
    accession = filters.CharFilter(field_name="case__accession", lookup_expr="iexact")
    batch = filters.UUIDFilter(field_name="batch_id")
    case = filters.UUIDFilter(field_name="case_id")
    model = filters.CharFilter(method="by_model", label="Name or id of the version")
    image_kind = filters.ChoiceFilter(field_name="kind", choices=ImageKind.choices)

    def of_site(self, images: Images, name: str, value: str) -> Images:
        return images.filter(named(value, text="site__slug", pk="site_id"))

    def with_label(self, images: Images, name: str, value: str) -> Images:
        return self._revealed(images).filter(_said(label=value))

    def with_flag(self, images: Images, name: str, value: str) -> Images:
        of_picture = images.filter(quality_flags__contains=[value])
        return of_picture | self._revealed(images).filter(_said(flags__contains=[value]))

    def _revealed(self, images: Images) -> Images:
        """Return the images whose results the one who asks may see by now."""
        return images_revealed(images, reader=self.request.user)

    def by_model(self, images: Images, name: str, value: str) -> Images:
        return images.filter(_said(named(value, text="model__name", pk="model_id")))

    def in_state(self, images: Images, name: str, value: str) -> Images:
        if value == "done":
            return images.filter(_said())
        jobs = Job.objects.filter(subject=OuterRef("pk"), work=Work.CLASSIFY_SMEARS)
        return images.filter(Exists(jobs.filter(state__in=STATES[value])), ~_said())


def _said(*rules: Q, **values: Any) -> Q:
    """Return the rule that a result of this kind exists."""
    said = Prediction.objects.filter(*rules, image=OuterRef("pk"), **values)
    return Q(Exists(said))


def named(value: str, *, text: str, pk: str) -> Q:
    """Return the rule that a row has this id, or else this name."""
    try:
        return Q(**{pk: UUID(value)})
    except ValueError:
        return Q(**{text: value})
