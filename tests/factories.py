"""People, cases, images with real sealed files, models, jobs and results for the tests.

Tessa is a technician, Clara a clinician and Adam the administrator of one laboratory; Otto is a
clinician of another one.
"""

from __future__ import annotations

import hashlib
import itertools
import uuid
from typing import Any

import factory
import numpy as np
from django.db.models.functions import Now
from django.utils import timezone
from factory.django import DjangoModelFactory

from hemaqueue.accounts.intended_use import VERSION
from hemaqueue.accounts.models import Membership, Site, User
from hemaqueue.accounts.roles import Role
from hemaqueue.jobs.models import Job, JobEvent
from hemaqueue.jobs.states import JobState
from hemaqueue.predictions.models import ClassScore, Heatmap, Prediction
from hemaqueue.registry.models import ModelStatus, ModelVersion
from hemaqueue.reports.models import Report
from hemaqueue.reviews.services import reviews_open
from hemaqueue.specimens.models import Batch, Case, ImageKind, Slide, SmearImage, Specimen
from jobcontract import sealing
from jobcontract.image_views import preview_jpeg, thumbnail_jpeg
from jobcontract.names import Work
from tests.pictures import picture, picture_file

PASSWORD = "a long enough pass phrase"
CLASSES = ("benign", "early_pre_b", "pre_b", "pro_b")
SCORES = {"early_pre_b": 0.91, "pre_b": 0.05, "pro_b": 0.03, "benign": 0.01}
GRID = (7, 7)

_numbers = itertools.count(1)


class SiteFactory(DjangoModelFactory[Site]):
    class Meta:
        model = Site
        django_get_or_create = ("slug",)

    slug = "demo"
    name = factory.LazyAttribute(lambda made: f"{made.slug.title()} Laboratory")


class UserFactory(DjangoModelFactory[User]):
    """A person who can log in with PASSWORD. `role_at=(role, site)` makes them a member."""

    class Meta:
        model = User
        django_get_or_create = ("username",)
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    first_name = factory.LazyAttribute(lambda made: made.username.title())
    email = factory.LazyAttribute(lambda made: f"{made.username}@example.org")
    acknowledged_use = VERSION

    @factory.post_generation
    def password(self: User, create: bool, given: str | None) -> None:  # type: ignore[misc]
        if given or not self.password:  # who was made before stays signed in
            self.set_password(given or PASSWORD)
            self.save()


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership
        django_get_or_create = ("user", "site")


def person(username: str, role: str | None, *, site: Site | None = None, **more: Any) -> User:
    """Return a person who has `role` at `site`, or no membership where `role` is None."""
    user = UserFactory(username=username, **more)
    if role is not None:
        MembershipFactory(user=user, site=site or SiteFactory(), role=role)
    return user


def tessa() -> User:
    return person("tessa", Role.TECHNICIAN, last_name="Mukamana")


def clara() -> User:
    return person("clara", Role.CLINICIAN, last_name="Uwase")


def adam() -> User:
    return person("adam", Role.ADMINISTRATOR, is_staff=True)


def otto() -> User:
    return person("otto", Role.CLINICIAN, site=SiteFactory(slug="elsewhere"))


class CaseFactory(DjangoModelFactory[Case]):
    class Meta:
        model = Case

    site = factory.SubFactory(SiteFactory)
    accession = factory.Sequence(lambda n: f"BM-26-{n:05}")
    patient = factory.Sequence(lambda n: f"P-{n:05}")
    created_by = factory.LazyFunction(tessa)


class BatchFactory(DjangoModelFactory[Batch]):
    class Meta:
        model = Batch

    site = factory.SubFactory(SiteFactory)
    name = "Tuesday morning"
    created_by = factory.LazyFunction(tessa)


def image(*, case: Case | None = None, seed: int | None = None, **more: Any) -> SmearImage:
    """Return an image whose original, preview and thumbnail really lie sealed in the store."""
    case = case or CaseFactory()
    seed = next(_numbers) if seed is None else seed
    specimen, _ = Specimen.objects.get_or_create(case=case, type="marrow")
    slide, _ = Slide.objects.get_or_create(specimen=specimen, stain="Wright-Giemsa")
    pk, data, pixels = uuid.uuid4(), picture_file(seed), picture(seed)
    key = f"images/{pk.hex[:2]}/{pk.hex}"
    sealing.write_sealed(key, data)
    sealing.write_sealed(f"{key}.preview", preview_jpeg(pixels))
    sealing.write_sealed(f"{key}.thumbnail", thumbnail_jpeg(pixels))
    values: dict[str, Any] = {
        "kind": ImageKind.SYNTHETIC,
        "sha256": hashlib.sha256(data).hexdigest(),
        "filename": "field 1.png",
        "format": "PNG",
        "bytes": len(data),
        "width": pixels.shape[1],
        "height": pixels.shape[0],
        "focus": 3.2,
        "exposure": 220.0,
        "uploaded_by": case.created_by,
    }
    made: SmearImage = SmearImage.objects.create(
        pk=pk, key=key, site=case.site, case=case, slide=slide, **(values | more)
    )
    return made


FACTS: dict[str, Any] = {
    "network": "smearnet", "image_kind": "synthetic", "classes": list(CLASSES),
    "preprocessing": {"side": 224, "colour": "rgb"}, "temperature": 1.3,
    "thresholds": {"decision": 0.5, "abstain": 0.6, "out_of_distribution": 3.0},
    "metrics": {"accuracy": 0.972, "n": 390, "macro_recall": 0.969, "split": "image"},
}  # fmt: skip


class ModelVersionFactory(DjangoModelFactory[ModelVersion]):
    """The model that serves synthetic pictures; making it twice is making it once."""

    class Meta:
        model = ModelVersion
        django_get_or_create = ("name",)

    name = "smearnet-synthetic-1"
    network = "smearnet"
    image_kind = "synthetic"
    status = ModelStatus.SERVING
    digest = factory.LazyAttribute(lambda made: hashlib.sha256(made.name.encode()).hexdigest())
    bundle_key = factory.LazyAttribute(lambda made: f"bundles/{made.digest}")
    facts = factory.LazyFunction(lambda: dict(FACTS))
    card = "# A model for tests"


def job(*, about: SmearImage, state: str = JobState.QUEUED, **more: Any) -> Job:
    """Return the job that classifies `about`, as it stands in `state`."""
    version = ModelVersionFactory()
    now = timezone.now()
    moved = {
        JobState.SENT: {"message": uuid.uuid4(), "sent_at": now, "heard_at": now, "attempt": 1},
        JobState.RUNNING: {
            "message": uuid.uuid4(), "sent_at": now, "heard_at": now, "attempt": 1,
            "started_at": now, "deadline_at": now,
        },
    }.get(JobState(state), {})  # fmt: skip
    values: dict[str, Any] = {
        "work": Work.CLASSIFY_SMEARS,
        "queue": Work.CLASSIFY_SMEARS.queue,
        "subject": about.pk,
        "site": about.site,
        "requested_by": about.uploaded_by,
        "payload": {},
        "shared": {"version": str(version.pk)},
        "dedupe_key": f"test:{uuid.uuid4()}",
        "state": state,
        "attempt": 1 if JobState(state).is_final else 0,
        "finished_at": now if JobState(state).is_final else None,
    }
    made: Job = Job.objects.create(**(values | moved | more))
    JobEvent.objects.create(job=made, state=made.state, attempt=made.attempt)
    return made


def prediction(
    about: SmearImage,
    *,
    scores: dict[str, float] | None = None,
    flags: tuple[str, ...] = (),
    by: Job | None = None,
) -> Prediction:
    """Return a result with its scores, its heatmap, its finished job and an open review."""
    scores = scores or SCORES
    label = max(scores, key=lambda name: scores[name])
    made: Prediction = Prediction.objects.create(
        image=about,
        model=ModelVersionFactory(),
        job=by or job(about=about, state=JobState.SUCCEEDED),
        label=label,
        confidence=scores[label],
        malignant=1 - scores.get("benign", 0.0),
        flags=list(flags),
        ood_score=0.4,
        seconds=0.02,
    )
    ClassScore.objects.bulk_create(
        ClassScore(prediction=made, label=name, score=score) for name, score in scores.items()
    )
    grid = np.linspace(0, 1, GRID[0] * GRID[1], dtype=np.float16)
    Heatmap.objects.create(
        prediction=made, label=label, method="cam", layer="last",
        rows=GRID[0], columns=GRID[1], grid=grid.tobytes(),
    )  # fmt: skip
    reviews_open([about.case])
    return made


def report(case: Case, *, by: User, revision: int = 1) -> Report:
    """Return a report whose file really lies sealed in the store."""
    made: Report = Report.objects.create(
        case=case, revision=revision, requested_by=by, media_type="application/pdf",
        content_sha256="0" * 64, rendered_at=Now(),
    )  # fmt: skip
    data = b"%PDF-1.7 a report for tests"
    made.key = f"reports/{made.pk.hex[:2]}/{made.pk.hex}"
    made.file_sha256 = hashlib.sha256(data).hexdigest()
    sealing.write_sealed(made.key, data)
    made.save()
    made.refresh_from_db()
    return made
