"""The white cells of a case: cut out, counted by class, and none that is kept from a reader."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from hemaqueue.reviews.models import LocatedCell
from hemaqueue.specimens.models import SmearImage
from tests import factories, readings

BOX = {"top": 0.2, "width": 0.2, "height": 0.2}


@pytest.fixture
def image(db: None) -> SmearImage:
    return factories.image()


def marked(image: SmearImage, *labels: str) -> None:
    for label in labels:
        origin = "drawn" if label else "proposed"
        LocatedCell.objects.create(image=image, label=label, origin=origin, left=0.1, **BOX)


def shown(client: Client, image: SmearImage, query: str = "") -> str:
    return client.get(reverse("case_cells", args=[image.case_id]) + query).content.decode()


def test_a_case_without_cells_says_what_to_do(clara: Client, image: SmearImage) -> None:
    assert "No cell is marked in this case yet." in shown(clara, image)


def test_cells_are_cut_out_and_counted_by_class(clara: Client, image: SmearImage) -> None:
    marked(image, "pro_b", "pro_b", "pro_b", "benign", "")
    page = shown(clara, image)
    assert page.count('class="cut"') == 5
    assert "5 cells" in page
    assert "75.0 %" in page
    only = shown(clara, image, "?label=benign")
    assert only.count('class="cut"') == 1
    assert shown(clara, image, "?label=none").count('class="cut"') == 1
    assert "There are no cells of this class." in shown(clara, image, "?label=pre_b")


def test_many_cells_come_in_pages(clara: Client, image: SmearImage) -> None:
    marked(image, *["pre_b"] * 61)
    page = shown(clara, image)
    assert page.count('class="cut"') == 60
    assert "Further pictures" in page


def test_proposals_are_kept_from_a_blind_first_read(clara: Client, image: SmearImage) -> None:
    marked(image, "pro_b", "")
    readings.reads_blind(image.site)
    assert shown(clara, image).count('class="cut"') == 1
