"""Addresses on this host."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from hemaqueue.jobs.models import Job
from jobcontract.names import Method, Work


def link(name: str, *arguments: Any, **query: str) -> str:
    """Return the address of an endpoint, with its query."""
    address = reverse(f"api:{name}", args=arguments)
    return f"{address}?{urlencode(query)}" if query else address


def result_link(job: Job) -> str:
    """Return where the result of a job is, or will be, read."""
    if job.work == Work.RENDER_REPORT:
        return link("report", job.subject)
    if job.work == Work.BUILD_EXPORT:
        return link("export", job.subject)
    if job.work == Work.FINE_TUNE_MODEL:
        return link("training_run", job.subject)
    if job.work == Work.IMPORT_DATASET:
        return link("dataset", job.subject)
    if job.work == Work.EXPLAIN_PREDICTION:
        asked = {name: str(job.payload.get(name, "")) for name in ("label", "method", "layer")}
        if asked["method"] == Method.GRADCAM:  # the network's own way, which may be another
            del asked["method"]
        return link("image_heatmap", job.subject, **{n: said for n, said in asked.items() if said})
    return link("image", job.subject)
