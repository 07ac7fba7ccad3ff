"""What technicians do with what they sent: held, sent anyway, taken back, tried again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.common.errors import NotAllowed
from hemaqueue.jobs.models import Job
from hemaqueue.pipeline import bench
from hemaqueue.pipeline.counting import batch_counts
from hemaqueue.pipeline.intake import Accepted, smear_accept
from hemaqueue.reviews.models import Return, Review
from hemaqueue.specimens.batches import batch_open
from hemaqueue.specimens.choosing import NotAttachable, image_attach
from hemaqueue.specimens.models import Batch, SmearImage
from hemaqueue.specimens.services import CaseContext
from tests import factories, readings
from tests.pictures import blank_file, picture_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def tessa() -> User:
    factories.ModelVersionFactory()
    return factories.tessa()


@pytest.fixture
def batch(tessa: User) -> Batch:
    return batch_open(site=factories.SiteFactory(), name="", by=tessa)


def send(data: bytes, *, by: User, batch: Batch | None = None, **more: Any) -> Accepted:
    context = CaseContext(site=factories.SiteFactory(), kind="synthetic", accession="BM-1")
    return smear_accept(data, name="a.png", context=context, by=by, batch=batch, **more)


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_a_poor_picture_is_kept_and_waits_for_its_sender(tessa: User, batch: Batch) -> None:
    taken = send(blank_file(), by=tessa, batch=batch, hold=True)
    assert taken.job is None
    assert taken.image.held_at is not None
    assert not Job.objects.exists()
    counts = batch_counts(batch)
    assert (counts.images, counts.held, counts.waiting, counts.running) == (1, 1, 0, False)


def test_a_good_picture_is_not_held(tessa: User) -> None:
    assert send(picture_file(1), by=tessa, hold=True).job is not None


def test_nothing_is_held_unless_it_was_asked_for(tessa: User) -> None:
    assert send(blank_file(), by=tessa).job is not None


def test_sending_it_anyway_asks_for_the_work_once(tessa: User, batch: Batch) -> None:
    image = send(blank_file(), by=tessa, batch=batch, hold=True).image
    job = bench.smear_released(image, by=tessa)
    assert job is not None
    assert job.subject == image.pk
    assert bench.smear_released(image, by=tessa) is None
    assert Job.objects.count() == 1
    assert batch_counts(batch).waiting == 1
    assert actions()[-1] == "image.send_anyway"


def test_taking_it_back_leaves_its_record(tessa: User, batch: Batch) -> None:
    image = send(blank_file(), by=tessa, batch=batch, hold=True).image
    bench.smear_withdrawn(image, by=tessa)
    assert SmearImage.objects.get().withdrawn_at is not None
    assert batch_counts(batch).withdrawn == 1
    assert bench.smear_released(SmearImage.objects.get(), by=tessa) is None


def test_only_who_sent_it_chooses(tessa: User) -> None:
    image = send(blank_file(), by=tessa, hold=True).image
    with pytest.raises(NotAllowed):
        bench.smear_released(image, by=factories.person("tom", "technician"))
    with pytest.raises(NotAllowed):
        bench.smear_withdrawn(image, by=factories.person("tom", "technician"))
    assert SmearImage.objects.get().held_at is not None


def test_all_that_is_held_is_chosen_at_once(tessa: User, batch: Batch) -> None:
    for level in (230, 235, 240):
        send(blank_file(level), by=tessa, batch=batch, hold=True)
    first, *rest = bench.smears_held(batch, by=tessa)
    assert bench.smears_released([first], by=tessa) == 1
    assert bench.smears_withdrawn(rest, by=tessa) == 2
    counts = batch_counts(batch)
    assert (counts.waiting, counts.withdrawn, counts.held) == (1, 2, 0)


def test_what_was_read_is_not_taken_back(tessa: User) -> None:
    image = factories.image()
    factories.prediction(image)
    readings.decision(image, by=factories.clara())
    with pytest.raises(bench.AlreadyRead):
        bench.smear_withdrawn(image, by=tessa)
    assert bench.smears_withdrawn([image], by=tessa) == 0


def test_work_that_waits_for_a_withdrawn_image_is_called_off(tessa: User) -> None:
    taken = send(picture_file(3), by=tessa)
    bench.smear_withdrawn(taken.image, by=tessa)
    assert Job.objects.get().state == "cancelled"


def test_what_failed_for_one_cause_is_tried_again_alone(tessa: User, batch: Batch) -> None:
    for code in ("worker_lost", "worker_lost", "time_limit"):
        factories.job(about=factories.image(batch=batch), state="failed", error_code=code)
    assert bench.batch_tried_again(batch, by=tessa, code="worker_lost") == 2
    assert Job.objects.filter(state="failed").get().error_code == "time_limit"


def test_a_duplicate_remembers_the_case_it_was_sent_for(tessa: User, batch: Batch) -> None:
    here = factories.image(seed=77)
    case = factories.CaseFactory(accession="BM-1")
    send(picture_file(77), by=tessa, batch=batch)
    refused = batch.refused.get()
    assert (refused.duplicate_of, refused.case) == (here, case)


def test_a_picture_is_put_beside_another_case_once(tessa: User) -> None:
    image, case = factories.image(), factories.CaseFactory()
    for _ in range(2):
        image_attach(image, case=case, by=tessa)
    assert case.attachments.get().image == image
    assert actions().count("case.attach") == 1


def test_a_picture_is_not_put_beside_its_own_or_a_foreign_case(tessa: User) -> None:
    image = factories.image()
    foreign = factories.image(
        case=factories.CaseFactory(site=factories.SiteFactory(slug="elsewhere"))
    )
    for wrong, case in ((image, image.case), (foreign, image.case)):
        with pytest.raises(NotAttachable):
            image_attach(wrong, case=case, by=tessa)


def test_what_is_being_read_is_not_taken_back_until_it_is_sent_back(tessa: User) -> None:
    image = factories.image()
    factories.prediction(image)
    clara, soon = factories.clara(), timezone.now() + timedelta(minutes=15)
    Review.objects.update(claimed_by=clara, claimed_until=soon)
    with pytest.raises(bench.AlreadyRead):
        bench.smear_withdrawn(image, by=tessa)
    Return.objects.create(image=image, by=clara, reason="poor_focus")
    bench.smear_withdrawn(image, by=tessa)
    assert SmearImage.objects.get().withdrawn_at is not None
