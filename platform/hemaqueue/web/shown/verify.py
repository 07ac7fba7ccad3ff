"""What the verify page says of a report: its signature, its place among others, its file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.reports.models import Report
from hemaqueue.reports.selectors import report_superseded_by
from hemaqueue.reports.signatures import change_words
from hemaqueue.reviews.checking import Checked, signature_check
from hemaqueue.web.shown.chips import Chip
from hemaqueue.web.shown.signing import SignatureShown, signature_shown
from jobcontract.sealing import FileDamaged, read_sealed
from jobcontract.storage import FileMissing


@dataclass(frozen=True)
class Verified:
    chip: Chip
    verdict: str
    explanation: str
    changes: list[str]
    accession: str
    case_url: str
    site: str
    revision: str
    status: str
    signature: SignatureShown | None
    content_sha256: str
    file_sha256: str
    file_line: str
    file_url: str
    stamped_url: str
    stamped_sha256: str
    superseded: str
    superseded_url: str


def verified(report: Report) -> Verified:
    signature = report.signature
    checked = signature_check(signature) if signature else None
    chip, verdict, explanation = _verdict(checked)
    newer = report_superseded_by(report)
    file_url = reverse("report_file", args=[report.pk])
    return Verified(
        chip=chip,
        verdict=verdict,
        explanation=explanation,
        changes=[change_words(one) for one in checked.changes] if checked else [],
        accession=report.case.accession,
        case_url=reverse("case", args=[report.case_id]),
        site=report.case.site.name,
        revision=_("revision %(n)d") % {"n": report.revision},
        status=str(report.get_status_display()).lower(),
        signature=signature_shown(signature) if signature else None,
        content_sha256=report.content_sha256,
        file_sha256=report.file_sha256,
        file_line=_file_line(report),
        file_url=file_url if report.key else "",
        stamped_sha256=report.stamped_sha256,
        stamped_url=f"{file_url}?copy=superseded" if report.stamped_key else "",
        superseded=_("Revision %(n)d takes its place.") % {"n": newer.revision} if newer else "",
        superseded_url=reverse("verify", args=[newer.pk]) if newer else "",
    )


def _verdict(checked: Checked | None) -> tuple[Chip, str, str]:
    if checked is None:
        chip = Chip("attention", "exclamation-diamond", _("preliminary"))
        return chip, _("Nobody signed this report"), _("Do not act on it: ask for the final one.")
    if not checked.intact or checked.holds is False:
        return (
            Chip("failed", "exclamation-octagon", _("does not hold")),
            _("The signature does not hold"),
            _("The records are not what was signed. Do not act on it; tell your administrator."),
        )
    if checked.holds is None:
        return (
            Chip("attention", "clock-history", _("opened again")),
            _("Authentic, and opened again since"),
            _("What was signed is kept and has the printed hash. The case has been opened again."),
        )
    return (
        Chip("done", "shield-check", _("holds")),
        _("The signature holds"),
        _("Case, images, decisions and suggestions were hashed again just now: all as signed."),
    )


def _file_line(report: Report) -> str:
    if not report.key:
        return _("The file is not made yet.")
    try:
        same = hashlib.sha256(read_sealed(report.key)).hexdigest() == report.file_sha256
    except (FileDamaged, FileMissing):
        same = False
    if same:
        return _("The stored file was hashed just now: it is the one that was made.")
    return _("The stored file is damaged or gone. Tell your administrator.")
