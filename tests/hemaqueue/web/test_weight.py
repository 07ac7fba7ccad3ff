"""What a page weighs on its way: pages are compressed, pictures and answers to scripts are not."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.people import Script

ZIPPED = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def rows(db: None) -> None:
    for _ in range(12):
        factories.prediction(factories.image())


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("name", ["worklist", "history"])
def test_a_page_is_sent_compressed_to_who_takes_it(clara: Client, name: str) -> None:
    plain = clara.get(reverse(name))
    assert "Content-Encoding" not in plain
    sent = clara.get(reverse(name), headers=ZIPPED)
    assert sent["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in sent["Vary"]
    assert len(gzip.decompress(sent.content)) == pytest.approx(len(plain.content), rel=0.02)
    assert len(sent.content) < len(plain.content) / 4


@pytest.mark.usefixtures("rows")
def test_the_same_page_is_never_as_long_twice(clara: Client) -> None:
    lengths = {len(clara.get(reverse("history"), headers=ZIPPED).content) for _ in range(6)}
    assert len(lengths) > 1, "or its length would tell what is in it"


def test_pictures_and_answers_to_scripts_are_sent_as_they_are(clara: Client) -> None:
    image = factories.image()
    picture = clara.get(reverse("image_picture", args=[image.pk]), headers=ZIPPED)
    answer = Script(factories.tessa()).get(f"/api/v1/images/{image.pk}/", headers=ZIPPED)
    assert "Content-Encoding" not in picture
    assert "Content-Encoding" not in answer
