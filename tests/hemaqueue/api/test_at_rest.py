"""What an upload leaves on the disk is nothing that anybody could look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from hemaqueue.accounts.models import User
from hemaqueue.specimens.models import SmearImage
from jobcontract.environment import data_folder
from jobcontract.sealing import read_sealed
from tests.factories import picture_file
from tests.people import Script

NAME = "KARABO-HEADER-CANARY.jpg"
MAGIC = (b"\xff\xd8\xff", b"\x89PNG", b"JFIF", b"IHDR")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEMAQUEUE_DATA", str(tmp_path))


def files_on_disk() -> Iterator[bytes]:
    for path in data_folder().rglob("*"):
        if path.is_file():
            yield path.read_bytes()


@pytest.mark.django_db
@pytest.mark.usefixtures("serving")
def test_a_raw_file_is_no_readable_image(tessa: User) -> None:
    data = picture_file(suffix=".jpg")
    sent = Script(tessa).upload(data, name=NAME, to="/api/v1/smears/")
    assert sent.status_code == 202
    image = SmearImage.objects.get(pk=sent.json()["image_id"])
    found = list(files_on_disk())
    assert len(found) == 3  # original, preview, thumbnail
    for content in found:
        assert data[200:240] not in content
        assert NAME.encode() not in content
        assert not any(content.startswith(magic) for magic in MAGIC)
        assert cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED) is None
    assert read_sealed(image.key) == data
