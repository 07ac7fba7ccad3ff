"""The bench by script: held images, what a batch has, notices, a picture beside another case."""

from __future__ import annotations

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.notices.models import NoticeKind
from hemaqueue.notices.services import notice_give
from hemaqueue.registry.models import ModelVersion
from hemaqueue.specimens.models import Batch
from tests import factories
from tests.people import Script
from tests.pictures import blank_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def script(tessa: User, serving: ModelVersion) -> Script:
    return Script(tessa)


def test_a_poor_picture_is_worked_on_unless_its_sender_wants_to_be_asked(script: Script) -> None:
    sent = script.upload(blank_file(230)).json()
    assert (sent["held"], bool(sent["job_id"])) == (False, True)
    asked = script.upload(blank_file(235), quality="ask").json()
    assert (asked["held"], asked["job_id"]) == (True, None)
    assert script.get(asked["image_url"]).json()["state"] == "held"


def test_a_held_image_is_released_by_its_sender(script: Script, clara: User) -> None:
    image = script.upload(blank_file(), quality="ask").json()["image_url"]
    assert Script(clara).post(f"{image}release/").status_code == 403
    answer = script.post(f"{image}release/").json()
    assert (answer["state"], answer["job"]["state"]) == ("paused", "queued")


def test_every_held_image_of_a_batch_is_chosen_at_once(script: Script) -> None:
    batch = script.post("/api/v1/batches/", {"expected": 2}).json()
    for level in (230, 235):
        script.upload(blank_file(level), quality="ask", batch=batch["id"])
    assert script.get(batch["url"]).json()["counts"]["held"] == 2
    assert script.post(f"{batch['url']}held/", {"choice": "maybe"}).status_code == 400
    assert script.post(f"{batch['url']}held/", {"choice": "send"}).json() == {"chosen": 2}
    assert script.get(batch["url"]).json()["counts"]["waiting"] == 2


def test_a_script_learns_what_a_batch_has(script: Script) -> None:
    batch = script.post("/api/v1/batches/", {"expected": 3}).json()
    data = factories.picture_file(8001)
    script.upload(data, name="a.png", batch=batch["id"])
    script.upload(b"no picture", name="b.txt", batch=batch["id"])
    said = script.get(f"{batch['url']}files/").json()
    assert said["expected"] == 3
    assert [(one["filename"], one["bytes"]) for one in said["files"]] == [
        ("a.png", len(data)),
        ("b.txt", None),
    ]


def test_notices_are_ones_own_and_can_be_seen(script: Script, tessa: User, clara: User) -> None:
    batch: Batch = factories.BatchFactory()
    notice_give(to=tessa, kind=NoticeKind.BATCH_ENDED, subject=batch.pk, done=3)
    page = script.get("/api/v1/notices/").json()
    assert page["unseen"] == 1
    assert page["results"][0]["facts"] == {"done": 3}
    assert page["results"][0]["url"] == f"/api/v1/batches/{batch.pk}/"
    assert Script(clara).get("/api/v1/notices/").json()["results"] == []
    assert script.post("/api/v1/notices/seen/").json() == {"seen": 1}
    assert script.get("/api/v1/notices/").json()["unseen"] == 0


def test_a_picture_is_attached_to_another_case(script: Script) -> None:
    image, case = factories.image(), factories.CaseFactory()
    address = f"/api/v1/cases/{case.pk}/attachments/"
    assert script.post(address, {"image": str(image.pk)}).json()["image_id"] == str(image.pk)
    own = script.post(f"/api/v1/cases/{image.case_id}/attachments/", {"image": str(image.pk)})
    assert (own.status_code, own.json()["code"]) == (409, "not_attachable")
    foreign = factories.image(
        case=factories.CaseFactory(site=factories.SiteFactory(slug="elsewhere"))
    )
    assert script.post(address, {"image": str(foreign.pk)}).status_code == 400
