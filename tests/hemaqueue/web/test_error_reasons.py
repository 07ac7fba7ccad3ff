"""The error gallery with its reasons: given below a picture, counted, chosen by, taken away."""

from __future__ import annotations

import csv
import re

import pytest
from django.test import Client
from django.urls import reverse

from hemaqueue.evaluations.models import ErrorReading, EvaluatedPicture, Evaluation
from hemaqueue.specimens.models import SmearImage
from tests import factories, judging
from tests.hemaqueue.web.test_evaluation_pictures import page, text
from tests.people import another_administrator

FORM = re.compile(r'action="[^"]*evaluations/pictures/(\d+)/reasons/"')


@pytest.fixture
def blurred() -> SmearImage:
    return factories.image()


@pytest.fixture
def judged(blurred: SmearImage) -> Evaluation:
    """One error that is here, two that are not."""
    rows = [
        judging.row(blurred.sha256, "pre_b", "benign"),
        judging.row("f" * 64, "pro_b", "benign", sure=0.8),
        judging.row("e" * 64, "pro_b", "pre_b", sure=0.7),
        judging.row("d" * 64, "pro_b", "pro_b"),
    ]
    return judging.evaluation(factories.ModelVersionFactory(), rows)


def say(browser: Client, picture: EvaluatedPicture, *reasons: str, back: str = "") -> str:
    """Say why `picture` was named wrongly, and return the page that one is brought to."""
    sent = {"reasons": reasons, "next": back}
    answer = browser.post(reverse("error_read", args=[picture.pk]), sent, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_reason_is_given_below_the_picture_and_shown_with_who_said_it(
    adam: Client, tessa: Client, judged: Evaluation, blurred: SmearImage
) -> None:
    before = page(adam, judged)
    assert "open “Say why” below it, and choose what you see" in before
    picture = judged.pictures.get(sha256=blurred.sha256)
    assert FORM.findall(before) == [str(picture.pk)]  # the others are not here to be looked at
    back = re.search(r'name="next" value="([^"]+)"', before)
    assert back is not None
    after = say(adam, picture, "poor_focus", "borderline", back=back[1])
    assert "Kept, with your name." in after
    assert f'id="picture-{picture.pk}"' in after
    assert "Poor focus, Borderline between classes Adam" in text(after)
    assert "Poor focus, Borderline between classes Adam" in text(page(tessa, judged))
    assert re.findall(r'value="(\w+)" checked', after) == ["poor_focus", "borderline"]
    assert "Without a mark, what you said is taken back." in after
    assert "What you said is taken back." in say(adam, picture)
    assert "Poor focus" not in text(page(tessa, judged))


def test_the_reasons_are_counted_above_and_chosen_by(
    adam: Client, tessa: Client, judged: Evaluation, blurred: SmearImage
) -> None:
    say(adam, judged.pictures.get(sha256=blurred.sha256), "poor_focus")
    said = ErrorReading.objects.get()
    ErrorReading.objects.create(
        picture=judged.pictures.get(sha256="e" * 64), by=said.by, reasons=["debris"]
    )
    every = page(tessa, judged)
    assert "Whatever the reason Nobody said why 1 Poor focus 1 Artefact or debris 1" in text(every)
    focus = page(tessa, judged, query="?reason=poor_focus")
    assert str(blurred.pk) in focus and "· 1 image" in text(focus)
    assert '?reason=poor_focus" aria-current="page"' in focus
    unread = page(tessa, judged, query="?reason=none")
    assert "f" * 12 in unread and "e" * 12 not in unread
    side = page(tessa, judged, query="?side=false_negative")
    assert "?side=false_negative&amp;reason=poor_focus" in side
    assert "debris" not in side


def test_the_file_has_the_reasons_and_who_gave_them(
    adam: Client, judged: Evaluation, blurred: SmearImage
) -> None:
    picture = judged.pictures.get(sha256=blurred.sha256)
    ErrorReading.objects.create(
        picture=picture, by=another_administrator(), reasons=["other", "debris"]
    )
    say(adam, picture, "debris", "label_doubtful")
    assert "pictures.csv?label=&amp;named=&amp;side=&amp;reason=debris" in page(
        adam, judged, query="?reason=debris"
    )
    address = reverse("evaluation_export", args=[judged.pk])
    whole, chosen = (
        list(csv.DictReader(adam.get(address + query).content.decode().splitlines()))
        for query in ("", "?reason=debris")
    )
    assert [row["reasons"] for row in whole] == ["label_doubtful debris other", "", ""]
    assert chosen == whole[:1]
    assert chosen[0]["read_by"] == "Beate Uwera, Adam"


def test_only_errors_in_sight_of_who_runs_the_installation_may_be_explained(
    adam: Client, clara: Client, judged: Evaluation, blurred: SmearImage
) -> None:
    assert FORM.findall(page(clara, judged)) == []
    assert "Who runs the installation can say it below each picture." in page(clara, judged)
    picture = judged.pictures.get(sha256=blurred.sha256)
    sent = clara.post(reverse("error_read", args=[picture.pk]), {"reasons": "other"})
    assert sent.status_code == 404
    right = page(adam, judged, query="?label=pro_b&named=pro_b")
    assert "Say why" not in right
    figures = adam.get(reverse("evaluation", args=[judged.pk])).content.decode()
    assert FORM.findall(figures) == []


def test_a_refusal_is_told_on_the_gallery(adam: Client, judged: Evaluation) -> None:
    back = reverse("evaluation_pictures", args=[judged.pk])
    wrong, right = judged.pictures.get(sha256="f" * 64), judged.pictures.get(sha256="d" * 64)
    assert "Choose one reason at least." in say(adam, wrong, back=back)
    assert "Choose one of the reasons listed." in say(adam, wrong, "morphology", back=back)
    assert "This picture was named rightly." in say(adam, right, "other", back=back)
    assert ErrorReading.objects.count() == 0
    assert adam.get(back + "?reason=morphology").status_code == 422
