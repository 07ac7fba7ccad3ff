"""Writing reports: a revision is opened at the request, and published when it is rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.translation import get_language

from hemaqueue.reports.models import Report, ReportStatus
from hemaqueue.reviews.models import Signature
from hemaqueue.reviews.selectors import signature_standing
from hemaqueue.specimens.models import Case

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


def report_open(case: Case, *, by: User, language: str = "") -> Report:
    """Open the next revision of a case's report. The case is locked, so that two get two.

    It is final or amended where the case is signed as it stands, else preliminary. It is written
    in `language`; where none is named, in that of the person.
    """
    Case.objects.select_for_update().get(pk=case.pk)
    last = Report.objects.filter(case=case).aggregate(n=Max("revision"))["n"] or 0
    signature = signature_standing(case)
    report: Report = Report.objects.create(
        case=case,
        revision=last + 1,
        requested_by=by,
        language=language or language_of(by),
        signature=signature,
        status=_status(signature),
    )
    return report


def language_of(user: User) -> str:
    """Return the language in which files are made for `user`: one that this release speaks."""
    spoken = [code for code, _name in settings.LANGUAGES]
    asked = (user.language, (get_language() or "").partition("-")[0])
    return next((code for code in asked if code in spoken), spoken[0])


def _status(signature: Signature | None) -> ReportStatus:
    if signature is None:
        return ReportStatus.PRELIMINARY
    return ReportStatus.AMENDED if signature.revision > 1 else ReportStatus.FINAL


def report_publish(pk: UUID, *, document: dict[str, Any]) -> None:
    """Make a rendered file readable: `document` has key, media_type, file_sha256,
    content_sha256 and note."""
    known = ("key", "media_type", "file_sha256", "content_sha256", "note")
    values = {name: document.get(name, "") for name in known}
    Report.objects.filter(pk=pk, rendered_at=None).update(rendered_at=Now(), **values)


def report_stamped(pk: UUID, *, document: dict[str, Any]) -> None:
    """Keep a superseded copy beside the file; the file itself stays as it is."""
    Report.objects.filter(pk=pk, stamped_key="").update(
        stamped_key=document["key"],
        stamped_sha256=document["file_sha256"],
        stamped_for=document["stamp"],
    )
