"""The files of an image: what their answers carry, and the event that each leaves."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from hemaqueue.audit.models import AuditEvent
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.addresses import small_thumbnail
from jobcontract import storage
from tests import factories

FILES = {
    "image_picture": ("image/jpeg", "inline"),
    "image_full": ("image/jpeg", "inline"),
    "image_thumbnail": ("image/jpeg", "inline"),
    "image_heatmap": ("image/png", "inline"),
    "image_original": ("application/octet-stream", "attachment"),
}


@pytest.fixture
def image(db: None) -> SmearImage:
    made = factories.image(seed=3)
    factories.prediction(made)
    return made


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_sent_so_that_no_browser_misreads_it(
    name: str, clara: Client, image: SmearImage
) -> None:
    answer = clara.get(reverse(name, args=[image.pk]))
    media_type, kind = FILES[name]
    assert answer.status_code == 200
    assert answer["Content-Type"] == media_type
    assert answer["Content-Disposition"].startswith(f'{kind}; filename="{image.pk}')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("image_picture", "image.view_picture"),
        ("image_full", "image.view_picture"),
        ("image_heatmap", "image.view_heatmap"),
        ("image_original", "image.download_original"),
    ],
)
def test_each_view_leaves_one_event(
    name: str, action: str, clara: Client, image: SmearImage
) -> None:
    clara.get(reverse(name, args=[image.pk]))
    events = AuditEvent.objects.filter(action=action, object_id=str(image.pk))
    assert events.count() == 1


def test_the_original_is_the_file_byte_for_byte(clara: Client, image: SmearImage) -> None:
    answer = clara.get(reverse("image_original", args=[image.pk]))
    assert answer.content == factories.picture_file(3)


def test_a_technician_does_not_download_originals(tessa: Client, image: SmearImage) -> None:
    assert tessa.get(reverse("image_original", args=[image.pk])).status_code == 403


def test_the_heatmap_has_the_pictures_proportions_and_is_clear_where_it_is_cold(
    clara: Client, image: SmearImage
) -> None:
    answer = clara.get(reverse("image_heatmap", args=[image.pk]))
    drawn = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert drawn.shape == (image.height, image.width, 4)
    assert drawn[0, 0, 3] < 10  # the factory's grid rises from the first corner to the last
    assert drawn[-1, -1, 3] > 245


def test_an_image_without_a_result_has_no_heatmap(clara: Client) -> None:
    assert clara.get(reverse("image_heatmap", args=[factories.image().pk])).status_code == 404


def test_a_damaged_file_shows_nothing_of_itself(clara: Client, image: SmearImage) -> None:
    storage.write(image.preview_key, b"HQF1" + bytes(80))
    answer = clara.get(reverse("image_picture", args=[image.pk]))
    assert answer.status_code == 500
    assert b"blob_corrupt" in answer.content


def test_a_line_of_a_list_gets_a_small_picture(clara: Client, image: SmearImage) -> None:
    address = small_thumbnail(image.pk)
    small, whole = clara.get(address), clara.get(reverse("image_thumbnail", args=[image.pk]))
    picture = cv2.imdecode(np.frombuffer(small.content, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape == (96, 96, 3)
    assert len(small.content) < len(whole.content) / 2
    assert f'src="{address}"' in clara.get(reverse("history")).content.decode()
