"""The timeline: everything that happened to an image, each with who and when."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from hemaqueue.accounts.models import User
from hemaqueue.audit.services import audit_record
from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.pipeline.papers import report_requested
from hemaqueue.predictions.selectors import prediction_of
from hemaqueue.reports.services import report_publish
from hemaqueue.reviews.amending import review_amend
from hemaqueue.specimens.models import SmearImage
from hemaqueue.web.shown.acts import ACTS, QUIET
from hemaqueue.web.shown.timeline import Entry, image_timeline
from jobcontract.names import Work
from tests import factories, readings

ORDER = (
    "sent by", "checked", "classified", "viewed by Clara", "Clara Uwase decided",
    "Clara Uwase signed revision 1", "report revision 1 made", "Clara Uwase opened the case again",
    "Clara Uwase decided", "Clara Uwase signed revision 2",
)  # fmt: skip
RECORDED = re.compile(r'audit_record\(\s*"((?:image|case|cell|report)\.\w+)"')


def told(image: SmearImage, *, user: User) -> list[Entry]:
    job = jobs_latest([image.pk], work=Work.CLASSIFY_SMEARS).get(image.pk)
    return image_timeline(image, job=job, prediction=prediction_of(image), user=user)


def test_everything_stands_in_its_order(clara: Client) -> None:
    who = factories.clara()
    image = factories.image()
    factories.prediction(image)
    clara.get(reverse("image", args=[image.pk]))
    clara.get(reverse("image", args=[image.pk]))
    readings.decision(image, by=who, choice="pre_b")
    readings.signature(image.case, by=who)
    report, _ = report_requested(image.case, by=who)
    document = {"key": "reports/a", "media_type": "application/pdf", "file_sha256": "f"}
    report_publish(report.pk, document=document)
    review_amend(image.case, by=who, reason="A second look.")
    readings.decision(image, by=who, choice="pro_b")
    readings.signature(image.case, by=who)
    entries = told(image, user=who)
    words = iter(entries)
    found = [next((one for one in words if one.words.startswith(start)), None) for start in ORDER]
    assert None not in found, [one.words for one in entries]
    details = [one.detail for one in entries]
    assert "Early Pre-B → Pre-B · Morphology" in details
    assert "Early Pre-B → Pro-B · Morphology" in details
    assert "2 times" in details
    assert "A second look." in details


@pytest.mark.django_db
def test_what_the_door_complained_of_is_told(clara: Client) -> None:
    image = factories.image(quality_flags=["out_of_focus"])
    [_, checked] = told(image, user=factories.clara())
    assert (checked.words, checked.detail) == ("checked", "Out of focus")


@pytest.mark.django_db
def test_a_refused_act_and_another_case_are_in_no_timeline() -> None:
    image, other = factories.image(), factories.image()
    audit_record("image.view", by=factories.clara(), about=other)
    audit_record("image.decide", by=factories.clara(), about=image, outcome="denied")  # type: ignore[arg-type]
    assert len(told(image, user=factories.clara())) == 2


def test_every_act_on_a_patients_things_has_its_words_or_is_left_out_on_purpose() -> None:
    sources = (Path(settings.ROOT) / "platform/hemaqueue").rglob("*.py")
    recorded = {name for path in sources for name in RECORDED.findall(path.read_text())}
    assert recorded - set(ACTS) - QUIET == set()
    assert not QUIET & set(ACTS)


def test_the_page_asks_for_it_when_it_is_opened_and_links_to_it_without_a_script(
    clara: Client,
) -> None:
    image = factories.image()
    url = reverse("image_timeline", args=[image.pk])
    page = clara.get(reverse("image", args=[image.pk])).content.decode()
    assert "sent by" not in page
    assert f'hx-get="{url}"' in page
    assert f'<a href="{url}">' in page
    part = clara.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "sent by" in part
    assert "<html" not in part
    whole = clara.get(url).content.decode()
    assert "sent by" in whole
    assert reverse("image", args=[image.pk]) in whole
