"""Why work did not succeed, in the language of whoever reads it now.

Workers say it in English and with a code; where the sentence has something of its own in it, the
code's words are told instead.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hemaqueue.common.told import told
from hemaqueue.jobs.models import Job

FAULTS: dict[str, Promise] = {
    "bad_settings": _("The settings do not fit the network."),
    "file_damaged": _("The stored picture was altered."),
    "file_missing": _("The stored picture is missing."),
    "model_integrity": _("The model was refused: its files are not what they should be."),
    "model_missing": _("The model's files are not in the store."),
    "silent": _("The worker was not heard of any more."),
    "split_overlap": _("A patient or a field lies on both sides of the split."),
    "time_limit": _("The work took longer than it may and was stopped."),
    "too_few_images": _("A class has too few images."),
    "unknown_class": _("The model does not have this class."),
    "unknown_layer": _("The model has no such layer with a map."),
    "unknown_method": _("The methods gradcam and occlusion are known."),
    "unknown_network": _("No network has this name."),
    "worker_error": _("The worker met an error that nobody foresaw."),
    "worker_lost": _("The worker stopped while it was working on this."),
}


def fault_told(job: Job | None) -> str:
    """Return why a job did not succeed; nothing where nothing is known."""
    if job is None:
        return ""
    return told(job.error_detail, code=job.error_code, otherwise=FAULTS.get(job.error_code, ""))
