"""A case with classified images, and its preliminary report asked for, through the services."""

from __future__ import annotations

import base64
from pathlib import Path
from uuid import uuid4

import numpy as np
from django.db import transaction

from benchmarks._bench import pictures
from hemaqueue.accounts.models import Membership, User
from hemaqueue.pipeline.intake import smear_accept
from hemaqueue.predictions.services import predictions_record
from hemaqueue.registry.models import ModelVersion
from hemaqueue.reports.models import Report
from hemaqueue.reports.services import report_open
from hemaqueue.reviews.services import reviews_open
from hemaqueue.specimens.services import CaseContext
from jobcontract.messages import Classification

SIZE = (640, 480)
LABELS = ("benign", "early_pre_b", "pre_b", "pro_b")


def report_of(images: int, *, folder: Path) -> Report:
    """Return the open report of a new case of so many images of 640 by 480 pixels."""
    by = User.objects.filter(memberships__role="clinician").earliest("username")
    site = Membership.objects.filter(user=by).select_related("site").earliest("pk").site
    context = CaseContext(site=site, accession=f"B-{uuid4().hex[:8]}")
    _promote()
    taken = [
        smear_accept(file.read_bytes(), name=file.name, context=context, by=by)
        for file in pictures(folder / "smears", count=images, seed=images, size=SIZE)
    ]
    random = np.random.default_rng(images)
    predictions_record([(one.job, _said(random)) for one in taken if one.job])
    case = taken[0].image.case
    reviews_open([case])
    with transaction.atomic():
        return report_open(case, by=by)


def _promote() -> None:
    """Let a model of fields serve; its files are not needed here."""
    if not ModelVersion.objects.filter(image_kind="field", status="serving").exists():
        ModelVersion.objects.filter(image_kind="field").update(status="serving")


def _said(random: np.random.Generator) -> Classification:
    shares = random.dirichlet(np.ones(len(LABELS)))
    grid = random.random((7, 7)).astype("<f2")
    best = int(shares.argmax())
    return Classification(
        label=LABELS[best],
        scores=dict(zip(LABELS, map(float, shares), strict=True)),
        confidence=float(shares[best]),
        malignant=float(1 - shares[0]),
        grid=base64.b64encode(grid.tobytes()).decode(),
        grid_shape=(7, 7),
        layer="features",
    )
