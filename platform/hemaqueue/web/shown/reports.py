"""A case's report: what is there, what is being made, what can be asked for."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import may
from hemaqueue.jobs.faults import fault_told
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.jobs.states import JobState
from hemaqueue.reports.models import Report
from hemaqueue.reports.selectors import report_superseded_by
from hemaqueue.reviews.selectors import signature_standing
from hemaqueue.specimens.models import Case
from hemaqueue.web.shown.chips import Chip, job_chip
from jobcontract.names import Work


@dataclass(frozen=True)
class FileLink:
    """One revision. `stamped_url` is the copy that says what took its place, once it is made.

    The file itself stays readable, unchanged, at `url`.
    """

    url: str
    stamped_url: str
    superseded: str
    word: str
    icon: str
    note: str
    verify_url: str


@dataclass(frozen=True)
class ReportShown:
    chip: Chip | None
    line: str
    sentence: str
    working: bool
    files: list[FileLink]
    act: str
    status_url: str
    request_url: str


def report_shown(case: Case, *, user: User) -> ReportShown:
    """Return the newest revision's state, and every revision that can be read."""
    reports = list(
        Report.objects.filter(case=case).select_related("signature").order_by("-revision")
    )
    newest = reports[0] if reports else None
    job = jobs_latest([newest.pk], work=Work.RENDER_REPORT).get(newest.pk) if newest else None
    working = bool(newest and not newest.rendered_at and job and not JobState(job.state).is_final)
    may_ask = may(user, act=Act.REPORT, site=case.site_id) and not working
    return ReportShown(
        chip=_chip(newest, job, opened=(opened := _opened_again(newest, case=case))),
        line=_("revision %(n)d") % {"n": newest.revision} if newest else "",
        sentence=_sentence(newest, job, opened=opened),
        working=working,
        files=[_link(report) for report in reports if report.key],
        act=_("Make a new revision") if reports else _("Make a report"),
        status_url=reverse("report_status", args=[case.pk]),
        request_url=reverse("report_request", args=[case.pk]) if may_ask else "",
    )


def _opened_again(report: Report | None, *, case: Case) -> bool:
    """Say whether a report is of a signature after which its case was opened again."""
    signed = report.signature if report else None
    return signed is not None and signature_standing(case) != signed


def _chip(report: Report | None, job: Job | None, *, opened: bool) -> Chip | None:
    if report is None:
        return None
    if report.rendered_at:
        kind = "done" if report.signature_id and not opened else "attention"
        return Chip(kind, "file-earmark-pdf", str(report.get_status_display()).lower())
    return job_chip(job)


def _sentence(report: Report | None, job: Job | None, *, opened: bool) -> str:
    if report is None:
        return _("No report of this case has been made.")
    if report.note:
        return report.note
    if report.rendered_at and opened:
        return _("The case was opened again since it was signed: ask before you act on it.")
    if report.rendered_at and report.signature:
        return _("Signed by %s; the file is as it was signed.") % report.signature.printed_name
    if report.rendered_at:
        return _("Marked PRELIMINARY on every page: nobody has signed it.")
    if job and JobState(job.state).is_final:
        return fault_told(job) or _("It could not be made. Ask for a new revision.")
    return _("It is being made; it appears here by itself.")


def _link(report: Report) -> FileLink:
    kind = "PDF" if report.media_type == "application/pdf" else _("page")
    word = _("Revision %(n)d, %(kind)s") % {"n": report.revision, "kind": kind}
    newer = report_superseded_by(report)
    url = reverse("report_file", args=[report.pk])
    signed = report.signature.printed_name if report.signature else ""
    by = _("signed by %s") % signed if signed else ""
    return FileLink(
        url=url,
        stamped_url=f"{url}?copy=superseded" if report.stamped_key else "",
        superseded=_("superseded by revision %(n)d") % {"n": newer.revision} if newer else "",
        word=word,
        icon="file-earmark-pdf",
        note=" · ".join(filter(None, (str(report.get_status_display()).lower(), by))),
        verify_url=reverse("verify", args=[report.pk]),
    )
