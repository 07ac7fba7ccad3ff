"""Only what is old and nobody's is swept away."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models.functions import Now

from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import JobState
from hemaqueue.pipeline.sweeps import files_unclaimed, manifests_left
from jobcontract import storage
from jobcontract.environment import data_folder
from jobcontract.names import Queue, Work
from tests import factories
from tests.hemaqueue.jobs.ledger import a_job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEMAQUEUE_DATA", str(tmp_path))


def a_day_old(key: str) -> None:
    then = time.time() - 25 * 3600
    os.utime(data_folder() / "files" / key, (then, then))


def test_the_files_of_an_image_stay_however_old() -> None:
    image = factories.image()
    for key in storage.keys("images"):
        a_day_old(key)
    assert list(files_unclaimed()) == []
    call_command("sweep")
    assert storage.exists(image.key)
    assert storage.exists(image.preview_key)


def test_a_manifest_stays_while_a_job_may_ask_for_it() -> None:
    for name, state in (("over", JobState.SUCCEEDED), ("again", JobState.FAILED)):
        storage.write(f"snapshots/{name}", b"x")
        a_day_old(f"snapshots/{name}")
        asked = {"manifest": {"key": f"snapshots/{name}", "data_key": ""}, "epochs": 2}
        job = a_job(work=Work.FINE_TUNE_MODEL, queue=Queue.TRAINING, payload=asked)
        Job.objects.filter(pk=job.pk).update(state=state, finished_at=Now())
    storage.write("snapshots/young", b"x")
    assert list(manifests_left()) == ["snapshots/over"]
    call_command("sweep")
    assert sorted(storage.keys("snapshots")) == ["snapshots/again", "snapshots/young"]


def test_an_old_file_without_an_image_goes_and_a_young_one_stays() -> None:
    storage.write("images/aa/old", b"x")
    storage.write("images/aa/young", b"x")
    a_day_old("images/aa/old")
    call_command("sweep", "--dry-run")
    assert storage.exists("images/aa/old")
    call_command("sweep")
    assert not storage.exists("images/aa/old")
    assert storage.exists("images/aa/young")
