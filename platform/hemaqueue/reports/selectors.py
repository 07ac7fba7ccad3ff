"""Reading reports: what `user` may see, and nothing else exists."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from hemaqueue.common.errors import Missing
from hemaqueue.reports.models import Report
from hemaqueue.reviews.first_reads import FirstReadDue, images_withheld
from hemaqueue.reviews.reading import hidden_from
from hemaqueue.specimens.selectors import case_images
from jobcontract.sealing import read_sealed

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


def report_get(user: User, pk: UUID) -> Report:
    """Return one report.

    Raises:
        Missing: there is none, or `user` may not see it.
    """
    visible = Report.objects.visible_to(user)
    report: Report | None = (
        visible.filter(pk=pk).select_related("case__site", "signature__review__case").first()
    )
    if report is None:
        raise Missing
    return report


def reports_to_stamp(report: Report) -> list[Report]:
    """Return the earlier revisions that are to say that `report` takes their place."""
    earlier = Report.objects.filter(case=report.case_id, revision__lt=report.revision)
    unstamped = earlier.exclude(rendered_at=None).filter(stamped_key="").order_by("revision")
    return [one for one in unstamped if report_superseded_by(one) == report]


def report_superseded_by(report: Report) -> Report | None:
    """Return the newest readable revision that takes the place of `report`, None while none does.

    A preliminary one never takes the place of a signed one.
    """
    later = Report.objects.filter(case=report.case_id, revision__gt=report.revision)
    readable = later.exclude(rendered_at=None)
    if report.signature_id:
        readable = readable.exclude(signature=None)
    newest: Report | None = readable.order_by("-revision").first()
    return newest


def report_bytes(report: Report, *, reader: User, stamped: bool = False) -> bytes:
    """Return the file of a report, or its copy that says what took its place.

    Raises:
        Missing: it is not made, or not yet.
        FirstReadDue: it is preliminary, and what it tells is kept from `reader` for now: a
            suggestion before their first read, another's word before they read as the second.
        FileDamaged, FileMissing: what lies in the store is not what was made.
    """
    key = report.stamped_key if stamped else report.key
    if not key:
        raise Missing
    if report.signature_id is None:
        images = list(case_images(report.case).values_list("pk", flat=True))
        if images_withheld(images, reader=reader) or hidden_from(reader, images=images):
            raise FirstReadDue
    return read_sealed(key)


def report_name(report: Report, *, ending: str, stamped: bool = False) -> str:
    """Return what a downloaded report is called: ids only."""
    kind = "-superseded" if stamped else ""
    return f"report-{report.pk}-r{report.revision}{kind}.{ending}"
