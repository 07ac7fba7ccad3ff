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
    report: Report | None = visible.filter(pk=pk).select_related("case__site").first()
    if report is None:
        raise Missing
    return report
