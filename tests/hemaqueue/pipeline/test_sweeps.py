"""Only what is old and nobody's is swept away."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from django.core.management import call_command

from hemaqueue.pipeline.sweeps import files_unclaimed
from jobcontract import storage
from jobcontract.environment import data_folder
from tests import factories

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


def test_an_old_file_without_an_image_goes_and_a_young_one_stays() -> None:
    storage.write("images/aa/old", b"x")
    storage.write("images/aa/young", b"x")
    a_day_old("images/aa/old")
    call_command("sweep", "--dry-run")
    assert storage.exists("images/aa/old")
    call_command("sweep")
    assert not storage.exists("images/aa/old")
    assert storage.exists("images/aa/young")
