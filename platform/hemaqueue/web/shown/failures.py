"""Work that did not succeed: what happened, what to do, and the code for whoever looks deeper."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from hemaqueue.jobs.faults import fault_told
from hemaqueue.jobs.models import Job
from hemaqueue.web.shown.retrying import Again, again_by

FAILED = lazy("The work did not succeed.")
ADVICE: dict[str, Promise] = {
    "corrupt_image": lazy("Export the picture again and send the new file."),
    "file_damaged": lazy("The stored file is damaged. Send the picture again."),
    "model_integrity": lazy(
        "The model's files are not what they should be. Tell an administrator."
    ),
    "too_few_images": lazy("Confirm more images of each class, or choose another snapshot."),
    "split_overlap": lazy("Freeze a new snapshot: what belongs together is then on one side."),
    "bad_settings": lazy("Begin another run with other settings."),
    "unknown_network": lazy("Begin another run with a network of the list."),
    "worker_lost": lazy("Trying again usually helps."),
    "time_limit": lazy("Trying again may help; if not, send a smaller picture."),
    "silent": lazy("Trying again usually helps."),
}
OF_TRAINING: dict[str, Promise] = ADVICE | {
    "time_limit": lazy("Try again: it goes on after the last epoch that it kept."),
}


@dataclass(frozen=True)
class Failure:
    """`retry_url` is empty where this person may not ask for another try.

    `again` are the versions between which they choose for it.
    """

    sentence: str
    code: str
    tries: str
    retry_url: str
    back: str
    again: Again


def failure(job: Job, *, back: str | None) -> Failure:
    """Return a failed job in words; `back` is None for who may not retry."""
    said = fault_told(job) or str(FAILED)
    return Failure(
        sentence=f"{said} {advice(job.error_code)}",
        code=job.error_code or "unknown",
        tries=ngettext("%(n)d try", "%(n)d tries", job.attempt) % {"n": job.attempt},
        retry_url=reverse("job_retry", args=[job.pk]) if back is not None else "",
        back=back or "",
        again=again_by([job]),
    )


def advice(code: str, *, known: dict[str, Promise] = ADVICE) -> str:
    """Return what helps when work ended with `code`."""
    return str(known.get(code) or _("Try again; if it stays, tell an administrator."))
