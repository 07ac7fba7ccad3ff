"""The end of a batch is found once, and its sender is told once, with the counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from hemaqueue.accounts.models import User
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import JobState
from hemaqueue.notices.models import Notice
from hemaqueue.notices.selectors import notices_unseen
from hemaqueue.notices.services import notices_see
from hemaqueue.pipeline import bench
from hemaqueue.pipeline.endings import batches_end
from hemaqueue.specimens.batches import batch_expect, batch_open, file_refused
from hemaqueue.specimens.models import Batch, SmearImage
from jobcontract.names import Work
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def tessa() -> User:
    return factories.tessa()


def opened(by: User, *, expected: int = 0) -> Batch:
    return batch_open(site=factories.SiteFactory(), name="", by=by, expected=expected)


def pass_by(seconds: float) -> None:
    """Let everything that was sent be so much older."""
    ago = timezone.now() - timedelta(seconds=seconds)
    Batch.objects.update(created_at=ago)
    SmearImage.objects.update(uploaded_at=ago)


def facts() -> dict[str, Any]:
    return {name: n for name, n in Notice.objects.get().facts.items() if n}


def test_all_that_was_announced_is_done(tessa: User) -> None:
    batch = opened(tessa, expected=3)
    factories.prediction(factories.image(batch=batch))
    factories.job(about=factories.image(batch=batch), state="failed")
    assert batches_end() == 0
    file_refused(batch, name="x", code="corrupt_image", detail="")
    assert batches_end() == 1
    assert facts() == {"done": 1, "failed": 1, "refused": 1}
    assert Notice.objects.get().to == tessa
    assert batches_end() == 0


def test_a_batch_with_waiting_work_goes_on(tessa: User) -> None:
    batch = opened(tessa, expected=1)
    job = factories.job(about=factories.image(batch=batch))
    assert batches_end() == 0
    Job.objects.filter(pk=job.pk).update(state="succeeded", finished_at=timezone.now())
    assert batches_end() == 1


def test_a_batch_with_waiting_work_is_not_counted(
    tessa: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The dispatcher asks every second, and must not count thousands of files each time."""
    for _ in range(2):
        factories.job(about=factories.image(batch=opened(tessa)))
    with django_assert_num_queries(1):
        batches_end()


def test_an_archive_that_is_still_unpacked_goes_on(tessa: User) -> None:
    batch = opened(tessa, expected=1)
    factories.prediction(image := factories.image(batch=batch))
    job = factories.job(about=image, work=Work.UNPACK_ARCHIVE, subject=batch.pk, state="running")
    assert batches_end() == 0
    Job.objects.filter(pk=job.pk).update(state="succeeded", finished_at=timezone.now())
    assert batches_end() == 1


def test_unannounced_files_end_after_a_short_silence(tessa: User) -> None:
    factories.prediction(factories.image(batch=opened(tessa)))
    assert batches_end() == 0
    pass_by(20)
    assert batches_end() == 1


def test_files_that_did_not_arrive_are_told_after_a_longer_one(tessa: User) -> None:
    factories.prediction(factories.image(batch=opened(tessa, expected=5)))
    pass_by(20)
    assert batches_end() == 0
    pass_by(130)
    assert batches_end() == 1
    assert facts() == {"done": 1, "missing": 4}


def test_an_empty_batch_ends_without_a_word(tessa: User) -> None:
    opened(tessa)
    pass_by(20)
    assert batches_end() == 0
    assert Batch.objects.get().ended_at is not None
    assert not Notice.objects.exists()


def test_what_is_added_later_renews_the_one_notice(tessa: User) -> None:
    batch = opened(tessa, expected=1)
    factories.prediction(factories.image(batch=batch))
    batches_end()
    assert notices_see(tessa) == 1
    assert notices_unseen(tessa) == 0
    batch_expect(batch, files=2)
    factories.prediction(factories.image(batch=batch))
    assert batches_end() == 1
    assert facts() == {"done": 2}
    assert notices_unseen(tessa) == 1


def test_a_batch_that_is_tried_again_ends_again(tessa: User) -> None:
    batch = opened(tessa, expected=1)
    factories.job(about=factories.image(batch=batch), state=JobState.FAILED)
    assert batches_end() == 1
    bench.batch_tried_again(batch, by=tessa)
    batch.refresh_from_db()
    assert batch.ended_at is None
    assert batches_end() == 0


def test_a_single_retry_opens_its_batch_again(tessa: User) -> None:
    batch = opened(tessa, expected=1)
    job = factories.job(about=factories.image(batch=batch), state=JobState.FAILED)
    batches_end()
    bench.steps.job_asked_again(job, by=tessa)
    batch.refresh_from_db()
    assert batch.ended_at is None


def test_held_images_do_not_keep_a_batch_open(tessa: User) -> None:
    batch = opened(tessa, expected=1)
    factories.image(batch=batch, held_at=timezone.now())
    assert batches_end() == 1
    assert facts() == {"held": 1}
