"""What went wrong in a batch, grouped by cause: one line and one act for each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemaqueue.common.told import told
from hemaqueue.jobs.faults import fault_told
from hemaqueue.jobs.models import Job
from hemaqueue.pipeline.bench import batch_jobs_failed
from hemaqueue.pipeline.counting import DUPLICATE
from hemaqueue.specimens.models import Batch
from hemaqueue.web.shown.failures import ADVICE
from hemaqueue.web.shown.retrying import Again, again_by
from jobcontract.imaging import REFUSALS

FILES_NAMED = 8


@dataclass(frozen=True)
class Group:
    """Files with one cause. `act` is what helps: "retry", "withdraw", or nothing here.

    `again` are the versions between which a person chooses for a retry.
    """

    code: str
    sentence: str
    count: int
    files: str
    act: str = ""
    again: Again | None = None


def refusal_groups(batch: Batch) -> list[Group]:
    """Return the refused files of a batch, the largest group first."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for refused in batch.refused.exclude(code=DUPLICATE):
        groups[refused.code, refused.detail].append(refused.filename)
    found = [
        Group(code, _with_advice(told(detail, code=code), code), len(names), _named(names))
        for (code, detail), names in groups.items()
    ]
    return sorted(found, key=lambda group: -group.count)


def failure_groups(batch: Batch) -> list[Group]:
    """Return what failed in a batch, the largest group first.

    A fault of the picture is not mended by another try: those can be taken back together.
    """
    jobs = list(batch_jobs_failed(batch))
    subjects = {job.subject for job in jobs}
    names = dict(batch.images.filter(pk__in=subjects).values_list("pk", "filename"))
    groups: dict[str, list[Job]] = defaultdict(list)
    for job in jobs:
        groups[job.error_code].append(job)
    found = [_failed(code, same, names=names) for code, same in groups.items()]
    return sorted(found, key=lambda group: -group.count)


def _failed(code: str, jobs: list[Job], *, names: Mapping[UUID, str]) -> Group:
    said = fault_told(jobs[-1]) or _("The work did not succeed.")
    return Group(
        code=code,
        sentence=_with_advice(said, code),
        count=len(jobs),
        files=_named([names.get(job.subject, _("the archive")) for job in jobs]),
        act="withdraw" if code in REFUSALS else "retry",
        again=again_by(jobs),
    )


def _with_advice(said: str, code: str) -> str:
    known = REFUSALS.get(code)
    return f"{said} {_(known.advice) if known else ADVICE.get(code, '')}".strip()


def _named(names: list[str]) -> str:
    """Return the first names, and how many more there are."""
    listed = ", ".join(names[:FILES_NAMED])
    if (more := len(names) - FILES_NAMED) <= 0:
        return listed
    words = ngettext("%(names)s and %(n)d more", "%(names)s and %(n)d more", more)
    return words % {"names": listed, "n": more}
