"""Where there is no room for an image, its sender is told so and nothing is kept of it."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.jobs.models import Job
from hemaqueue.registry.models import ModelVersion
from hemaqueue.specimens.models import SmearImage
from jobcontract import storage
from tests.factories import picture_file
from tests.people import Script

pytestmark = pytest.mark.django_db


@pytest.fixture
def script(tessa: User, serving: ModelVersion) -> Script:
    return Script(tessa)


def problem(answer: Any) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def test_a_full_disk_is_507(script: Script, settings: Any) -> None:
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"FREE_DISK_FLOOR_BYTES": 1 << 60}
    answer = script.upload(picture_file())
    assert problem(answer) == (507, "storage_full")
    assert "Retry-After" in answer


@pytest.mark.parametrize("which", [1, 2, 3])
def test_a_disk_that_fills_up_meanwhile_is_507_and_keeps_nothing(
    which: int, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, written, before = storage._write_new, iter(range(1, 4)), set(storage.keys("images"))

    def write(path: Path, data: bytes) -> None:
        if next(written) == which:
            raise OSError(errno.ENOSPC, "No space left on device")
        whole(path, data)

    monkeypatch.setattr(storage, "_write_new", write)
    assert problem(script.upload(picture_file())) == (507, "storage_full")
    assert set(storage.keys("images")) == before
    assert not SmearImage.objects.exists() and not Job.objects.exists()
