"""What the pages that people open all morning ask the database: no more for many rows than few."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hemaqueue.reviews.models import Review
from hemaqueue.reviews.queue import Queue
from hemaqueue.specimens.models import Case, SmearImage
from tests import factories

UNSURE = {"pro_b": 0.45, "pre_b": 0.4, "early_pre_b": 0.1, "benign": 0.05}


def case_with(images: int) -> Case:
    """Return a case of which one image is uncertain and the rest are not."""
    case = factories.CaseFactory()
    factories.prediction(factories.image(case=case), scores=UNSURE, flags=("uncertain",))
    for _ in range(images - 1):
        factories.prediction(factories.image(case=case))
    return case


def review_screen() -> str:
    case = Review.objects.latest("images", "pk").case
    image = SmearImage.objects.filter(case=case).earliest("uploaded_at")
    return f"{reverse('image', args=[image.pk])}?queue={Queue(lane='all').token}"


def case_page() -> str:
    return reverse("case", args=[Review.objects.latest("images", "pk").case_id])


PAGES: dict[str, tuple[Callable[[], str], int]] = {
    "worklist": (lambda: f"{reverse('worklist')}?lane=all", 17),
    "counts of the worklist": (lambda: reverse("worklist_counts"), 6),
    "history": (lambda: reverse("history"), 19),
    "case": (case_page, 29),
    "review screen": (review_screen, 38),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_as_much_for_many_rows_as_for_few(clara: Client, name: str) -> None:
    address, at_most = PAGES[name]
    counts = []
    for cases, images in ((3, 2), (4, 6)):
        for _ in range(cases):
            case_with(images)
        where = address()
        clara.get(where)  # claims, and what is read once a process
        with CaptureQueriesContext(connection) as asked:
            assert clara.get(where).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= at_most
