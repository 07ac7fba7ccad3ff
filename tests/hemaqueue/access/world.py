"""The world in which the table is tried: one laboratory with one of everything."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from guardian.shortcuts import assign_perm
from knox.models import AuthToken

from hemaqueue.accounts.models import Membership, User
from hemaqueue.accounts.roles import Role
from hemaqueue.accounts.saved_views import view_save
from hemaqueue.jobs.states import JobState
from hemaqueue.reviews.referring import referral_open
from hemaqueue.reviews.returning import image_return
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.specimens.models import Case
from tests import exported, factories, readings
from tests.archives import zipped
from tests.hemaqueue.access.table import Row
from tests.hemaqueue.training.confirming import a_run
from tests.people import Script, logged_in


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
        self.tokens = {
            role: AuthToken.objects.create(user)[0] for role, user in self.people.items()
        }
        self.case = factories.CaseFactory()
        self.batch = factories.BatchFactory()
        self.mine = factories.BatchFactory()
        self.image = factories.image(case=self.case, batch=self.batch)
        factories.prediction(self.image)
        self.waiting = factories.job(about=factories.image(case=self.case, batch=self.batch))
        failed = factories.image(case=self.case, batch=self.batch)
        self.failed = factories.job(
            about=failed,
            state=JobState.FAILED,
            error_code="worker_lost",
            error_detail="It stopped.",
        )
        clinician = self.people["clinician"]
        self.ready = readings.case_ready(by=clinician)
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
        self.candidate = factories.ModelVersionFactory(name="candidate", status="candidate")
        self.view = view_save(self.people["technician"], page="history", name="A", query="q=1")
        elsewhere = factories.SiteFactory(slug="elsewhere")
        self.colleague = factories.person("carla", Role.CLINICIAN, site=elsewhere)

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
        if row.object == "referral":
            return reverse(row.route, args=[10**9 if missing else self.referral.pk])
        found = {
            "image": self.image,
            "image_back": self.sent_back.images.get(),
            "image_disputed": self.disputed.images.get(),
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
            "model": self.candidate,
            "view": self.view,
        }[row.object]
        return reverse(row.route, args=[uuid.uuid4() if missing else found.pk])

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

    def policy(self) -> dict[str, Any]:
        return {
            "clear_confidence": "0.97",
            "urgent_hours": "2",
            "routine_hours": "24",
            "double_read_percent": "0",
            "why": "Surer.",
        }

    def context(self) -> dict[str, Any]:
        return {
            "site": str(self.site.pk),
            "specimen": "marrow",
            "stain": "Giemsa",
            "kind": "synthetic",
        }


def _upload(world: World) -> dict[str, Any]:
    return {"file": world.file(), "image_kind": "synthetic"}


BODIES: dict[tuple[str, str], Any] = {
    ("api:images", "POST"): _upload,
    ("api:smears", "POST"): _upload,
    ("short:upload", "POST"): _upload,
    ("short:predict", "POST"): lambda world: {"image_id": str(world.image.pk)},
    ("short:report", "POST"): lambda world: {"case": str(world.case.pk)},
    ("api:decisions", "POST"): lambda world: {
        "choice": "label", "label": "early_pre_b", "stamp": review_stamp(world.image)
    },
    ("api:explanations", "POST"): lambda world: {"label": "pre_b"},
    ("api:case_sign", "POST"): lambda world: world.signing(),
    ("api:case_amend", "POST"): lambda world: {"reason": "A second look."},
    ("case_sign", "POST"): lambda world: world.signing(),
    ("case_amend", "POST"): lambda world: {"reason": "A second look."},
    ("api:referrals", "POST"): lambda world: {"colleague": "carla", "note": "Blasts?"},
    ("api:image_return", "POST"): lambda world: {"reason": "poor_focus"},
    ("api:return_answer", "POST"): lambda world: {"answer": "There is no better field."},
    ("api:adjudications", "POST"): lambda world: world.settling() | {"choice": "label"},
    ("api:confirm", "POST"): lambda world: world.confirming(),
    ("api:policy", "POST"): lambda world: {"urgent_hours": 3, "reason": "A larger team."},
    ("case_refer", "POST"): lambda world: {"elsewhere": "carla", "note": "Blasts?"},
    ("image_return", "POST"): lambda world: {"reason": "poor_focus"},
    ("image_returned", "POST"): lambda world: {"answer": "There is no better field."},
    ("image_settle", "POST"): lambda world: world.settling() | {
        "choice": "pre_b", "seen": world.settling()["stamp"]
    },
    ("gallery_card", "POST"): lambda world: {"label": "early_pre_b"},
    ("gallery_confirm", "POST"): lambda world: world.confirming(),
    ("policy", "POST"): lambda world: world.policy(),
    ("api:batches", "POST"): lambda world: {"name": "Wednesday"},
    ("api:case_share", "POST"): lambda world: {"colleague": "carla"},
    ("api:case_share", "DELETE"): lambda world: {"colleague": "carla"},
    ("api:exports", "POST"): lambda world: {"kind": "results"},
    ("exports", "POST"): lambda world: {"kind": "results", "format": "csv"},
    ("api:training_runs", "POST"): lambda world: {"image_kind": "synthetic"},
    ("api:model_promote", "POST"): lambda world: {"reason": "It is better"},
    ("api:model_reject", "POST"): lambda world: {"reason": "It is worse"},
    ("training", "POST"): lambda world: {"kind": "synthetic", "epochs": "3"},
    ("model_promote", "POST"): lambda world: {"reason": "It is better"},
    ("model_reject", "POST"): lambda world: {"reason": "It is worse"},
    ("api:archives", "POST"): lambda world: {"file": world.archive(), "image_kind": "synthetic"},
    ("api:manifests", "POST"): lambda world: {"manifest": world.manifest()},
    ("api:batch_held", "POST"): lambda world: {"choice": "send"},
    ("api:case_attach", "POST"): lambda world: {"image": str(factories.image().pk)},
    ("upload_zip", "POST"): lambda world: world.context() | {"file": world.archive()},
    ("manifest", "POST"): lambda world: {"manifest": world.manifest()},
    ("case_attach", "POST"): lambda world: {"image": str(factories.image().pk)},
    ("upload", "POST"): lambda world: world.context() | {"files": world.file()},
    ("batch_open", "POST"): lambda world: world.context(),
    ("upload_file", "POST"): lambda world: world.context() | {"file": world.file()},
    ("batch_file", "POST"): lambda world: world.context() | {"file": world.file()},
    ("image_choose", "POST"): lambda world: {"act": "withdraw"},
    ("image_explain", "POST"): lambda world: {"label": "pre_b"},
    ("image_decide", "POST"): lambda world: {
        "choice": "early_pre_b", "seen": review_stamp(world.image)
    },
    ("case_share", "POST"): lambda world: {"colleague": "carla"},
    ("case_unshare", "POST"): lambda world: {"colleague": str(world.colleague.pk)},
    ("saved_views", "POST"): lambda world: {"page": "history", "name": "Mine", "query": "q=1"},
    ("saved_view", "POST"): lambda world: {"name": "Another"},
    ("tokens", "POST"): lambda world: {"days": "30"},
}  # fmt: skip

MULTIPART = {"api:images", "api:smears", "short:upload", "api:archives", "api:manifests"}
