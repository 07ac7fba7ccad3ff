"""Reading reports: what `user` may see, and nothing else exists."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from hemaqueue.common.errors import Missing
from hemaqueue.reports.models import Report

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
