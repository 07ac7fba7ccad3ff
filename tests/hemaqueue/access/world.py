"""The world in which the table is tried: one laboratory with one of everything."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now
from django.urls import reverse
from guardian.shortcuts import assign_perm

from hemaqueue.accounts.models import Membership, Site, User
from hemaqueue.accounts.roles import Role
from hemaqueue.accounts.saved_views import view_save
from hemaqueue.evaluations.models import GatePolicy, Proposal, Rescore, Shadow
from hemaqueue.jobs.states import JobState
from hemaqueue.reviews.cells import Box, cell_add
from hemaqueue.reviews.models import Decision, FirstRead
from hemaqueue.reviews.referring import referral_open
from hemaqueue.reviews.returning import image_return
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.specimens.models import Case
from hemaqueue.training.models import DatasetImage
from tests import exported, factories, judging, readings
from tests.archives import zipped
from tests.hemaqueue.access.asking import BODIES
from tests.hemaqueue.access.rows import Row
from tests.hemaqueue.training.confirming import a_run, confirmed
from tests.hemaqueue.training.importing import looked_over
from tests.people import Script, another_administrator, granted, logged_in


@dataclass
class World:
    """`case` has a result, a report and a batch; `guest` and `outsider` are both Otto."""

    people: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = {
            "technician": factories.tessa(),
            "clinician": factories.clara(),
            "administrator": factories.adam(),
            "guest": factories.otto(),
            "outsider": factories.otto(),
            "former": factories.person("fiona", Role.CLINICIAN),
            "deactivated": factories.person("dora", Role.CLINICIAN),
        }
        self.tokens = {role: granted(user)[0] for role, user in self.people.items()}
        self.case = factories.CaseFactory()
        self.batch = factories.BatchFactory()
        self.mine = factories.BatchFactory()
        self.image = factories.image(case=self.case, batch=self.batch)
        factories.prediction(self.image)
        self.waiting = factories.job(about=factories.image(case=self.case, batch=self.batch))
        failed = factories.image(case=self.case, batch=self.batch)
        self.failed = factories.job(
            about=failed, state=JobState.FAILED, error_code="worker_lost", error_detail="Stopped."
        )
        clinician = self.people["clinician"]
        self.ready = readings.case_ready(by=clinician)
        self.decided = self.ready.images.get()
        self.cell = cell_add(self.image, box=Box(0.1, 0.1, 0.2, 0.2), label="pre_b", by=clinician)
        FirstRead.objects.create(image=self.image, reader=clinician, choice="uncertain")
        self.signed = readings.case_ready(by=clinician)
        readings.signature(self.signed, by=clinician)
        self.report = factories.report(self.case, by=self.people["clinician"])
        self.export = exported.export(by=clinician)
        carl = factories.person("carl", Role.CLINICIAN)
        self.disputed = readings.case_ready(by=clinician)
        readings.decision(self.disputed.images.get(), by=carl, choice="pre_b")
        self.sent_back = readings.case_ready(by=clinician)
        image_return(
            self.sent_back.images.get(), reason="poor_focus", note="Blurred.", by=clinician
        )
        self.asked = readings.case_ready(by=carl)
        self.referral = referral_open(self.asked, to=clinician, note="Blasts?", by=carl)
        self.run = a_run(by=self.people["administrator"])
        self.run_failed = a_run(by=self.run.requested_by, state=JobState.DEAD, kind="cell")
        self.candidate = factories.ModelVersionFactory(name="candidate", status="candidate")
        serving = factories.ModelVersionFactory()
        self.evaluation = judging.evaluation(serving)
        judged = judging.row(self.image.sha256, "benign", "pre_b")
        self.judged = judging.evaluation(serving, [judged]).pictures.get()
        self.rescore = Rescore.objects.create(
            model=self.candidate, reason="A better one", total=0, by=self.people["administrator"]
        )
        self.proposal = Proposal.objects.create(
            model=self.candidate, former=serving, reason="Better", override="A trial",
            by=another_administrator(),
        )  # fmt: skip
        self.kept = factories.ModelVersionFactory(name="kept", image_kind="field", status="retired")
        judging.kept_for_judging(self.image, kind="field", by=self.rescore.by)
        self.shadow = Shadow.objects.create(
            model=self.candidate, kind="cell", percent=5, reason="To see", by=self.rescore.by
        )
        self.dataset = looked_over(by=self.people["administrator"])
        self.picture = DatasetImage.objects.create(
            dataset=looked_over(by=self.rescore.by), name="a.png", label="benign", sha256="a" * 64,
            key=self.image.key, format="PNG", bytes=1, width=224, height=224,
        )  # fmt: skip
        confirmed("benign", by=clinician)  # something to freeze
        self.view = view_save(self.people["technician"], page="history", name="A", query="q=1")
        elsewhere = factories.SiteFactory(slug="elsewhere")
        self.colleague = factories.person("carla", Role.CLINICIAN, site=elsewhere)

    def rescoring(self) -> dict[str, str]:
        """Return an order for an image of a kind whose serving version said nothing yet."""
        factories.prediction(factories.image(kind="field"))
        serving = factories.ModelVersionFactory(name="new", image_kind="field")
        return {"model": str(serving.pk), "reason": "A better one"}

    def shadowing(self) -> dict[str, str]:
        """Return an order that tries the candidate; pages call it by another name than scripts."""
        pk = str(self.candidate.pk)
        return {"model": pk, "version": pk, "percent": "10", "reason": "To see"}

    def proposing(self) -> dict[str, str]:
        """Let two people decide from now on: what was proposed before holds no more."""
        GatePolicy.objects.create(two_people=True, reason="Safer", by=self.rescore.by)
        return {}

    def enter(self, role: str) -> Any:
        """Return how `role` asks: a script or a browser, made before their rights end."""
        script = Script(self.people.get(role))
        browser = logged_in(self.people[role]) if role in self.people else Script().client
        if role == "guest":
            for case in self.shared:
                assign_perm("view_case", self.people["guest"], case)
        if role == "former":
            Membership.objects.filter(user=self.people["former"]).delete()
        if role == "deactivated":
            User.objects.filter(pk=self.people[role].pk).update(is_active=False)
        return script, browser

    @property
    def shared(self) -> tuple[Case, ...]:
        return (self.case, self.ready, self.signed, self.disputed, self.sent_back, self.asked)

    def address(self, row: Row, *, role: str, missing: bool = False) -> str:
        """Return the address of the row's object, or of one that does not exist."""
        if not row.object or row.object.startswith("@"):
            return reverse(row.route)
        if row.object == "token":
            # An outsider names somebody else's token; the others name their own.
            owner = "technician" if role in ("outsider", "anonymous") else role
            key = uuid.uuid4().hex[:15] if missing else self.tokens[owner].token_key
            return reverse(row.route, args=[key])
        if row.object == "site":
            return reverse(row.route, args=["nowhere" if missing else self.case.site.slug])
        if row.object == "cell":
            image = uuid.uuid4() if missing else self.image.pk
            return reverse(row.route, args=[image, self.cell.pk])
        if row.object == "referral":
            return reverse(row.route, args=[10**9 if missing else self.referral.pk])
        if row.object == "judged":
            return reverse(row.route, args=[10**9 if missing else self.judged.pk])
        twice = {"snapshots": self.run.snapshot_id, "models_two": self.evaluation.model_id}
        if row.object in twice:
            return reverse(row.route, args=[uuid.uuid4() if missing else twice[row.object]] * 2)
        found = {
            "evaluation": self.evaluation,
            "rescore": self.rescore,
            "shadow": self.shadow,
            "proposal": self.proposal,
            "image": self.image,
            "image_back": self.sent_back.images.get(),
            "image_disputed": self.disputed.images.get(),
            "image_read": self.image,
            "image_decided": self.decided,
            "batch": self.batch,
            "batch_mine": self.mine,
            "job": self.waiting,
            "job_failed": self.failed,
            "case": self.case,
            "case_shared": self.case,
            "case_ready": self.ready,
            "case_signed": self.signed,
            "report": self.report,
            "export": self.export,
            "run": self.run,
            "run_failed": self.run_failed,
            "snapshot": self.run.snapshot,
            "dataset": self.dataset,
            "picture": self.picture,
            "model": self.candidate,
            "model_kept": self.kept,
            "model_judged": self.evaluation.model,
            "view": self.view,
        }[row.object]
        return reverse(row.route, args=[uuid.uuid4() if missing else found.pk])

    def second_site(self, role: str) -> Site:
        """Return another site, at which `role` has the same role."""
        site: Site = factories.SiteFactory(slug="second")
        Membership.objects.create(user=self.people[role], site=site, role=role)
        return site

    def body(self, row: Row, *, role: str, missing: bool = False) -> dict[str, Any]:
        """Return a complete body, so that a refusal can only be one of access."""
        self.site = self.case.site
        if not row.object and role in ("guest", "outsider"):
            self.site = factories.SiteFactory(slug="elsewhere")
        body: dict[str, Any] = BODIES.get((row.route, row.method), lambda world: {})(self)
        named = missing and row.object.startswith("@")
        return {name: str(uuid.uuid4()) for name in body} if named else body

    def file(self) -> SimpleUploadedFile:
        return SimpleUploadedFile("field.png", factories.picture_file(90_001), "image/png")

    def archive(self) -> SimpleUploadedFile:
        data = zipped({"field.png": factories.picture_file(90_001)})
        return SimpleUploadedFile("tray.zip", data, "application/zip")

    def dataset_zip(self) -> SimpleUploadedFile:
        data = zipped({"benign/one.png": factories.picture_file(90_002)})
        return SimpleUploadedFile("set.zip", data, "application/zip")

    def manifest(self) -> SimpleUploadedFile:
        return SimpleUploadedFile("manifest.csv", b"filename\nfield.png\n", "text/csv")

    def signing(self) -> dict[str, Any]:
        return {
            "password": factories.PASSWORD,
            "meaning": "reviewed",
            "stamp": readings.stamp(self.ready),
        }

    def settling(self) -> dict[str, Any]:
        stamp = review_stamp(self.disputed.images.get())
        return {"label": "pre_b", "reason": "morphology", "stamp": stamp}

    def confirming(self) -> dict[str, Any]:
        return {"images": [str(self.image.pk)], "password": factories.PASSWORD}

    def undoing(self) -> dict[str, Any]:
        Decision.objects.filter(image=self.decided).update(at=Now())
        return {"stamp": review_stamp(self.decided)}

    def context(self) -> dict[str, Any]:
        return {
            "site": str(self.site.pk),
            "specimen": "marrow",
            "stain": "Giemsa",
            "kind": "synthetic",
        }
