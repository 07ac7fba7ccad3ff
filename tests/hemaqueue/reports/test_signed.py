"""Final and amended reports: what they print, what they take the place of, what stays inert."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from django.utils import translation

from hemaqueue.accounts.models import User
from hemaqueue.jobs.models import Job
from hemaqueue.pipeline.papers import report_requested
from hemaqueue.predictions.models import Heatmap, Prediction
from hemaqueue.reports.gathering import report_content
from hemaqueue.reports.models import ReportStatus
from hemaqueue.reports.pictures import report_pictures
from hemaqueue.reports.qr import qr_code
from hemaqueue.reports.selectors import report_superseded_by
from hemaqueue.reports.words import moment
from hemaqueue.reviews.amending import review_amend
from hemaqueue.reviews.models import Decision
from hemaqueue.specimens.models import Case, SmearImage
from jobcontract.sealing import read_sealed
from tests import factories, readings
from tests.hemaqueue.reports.conftest import HOSTILE
from tests.hemaqueue.reports.papers import made, needs_pdftotext, printed, text_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:unclosed file.*sRGB2014:ResourceWarning"),
]


def test_a_signed_case_has_a_final_report_without_a_watermark(signed: Case, clara: User) -> None:
    report = made(signed, by=clara)
    assert report.status == ReportStatus.FINAL
    assert report.signature is not None
    assert report.content_sha256 == report.signature.content_sha256
    page = printed(report)
    assert "PRELIMINARY" not in page
    assert "watermark" not in page.partition("<body>")[2]
    for words in ("Clara Uwase", "Reviewed", "UTC", report.content_sha256, f"/verify/{report.pk}/"):
        assert words in page


def test_a_preliminary_report_says_that_nobody_signed_it(clara: User) -> None:
    page = printed(made(readings.case_ready(by=clara), by=clara))
    assert 'class="watermark"' in page
    assert "Nobody has taken responsibility for this report." in page


def test_a_final_report_says_what_was_signed_whatever_came_later(signed: Case, clara: User) -> None:
    report, _ = report_requested(signed, by=clara)
    before = printed(report)
    review_amend(signed, by=clara, reason="Second look.")
    image = SmearImage.objects.filter(case=signed).earliest("uploaded_at")
    readings.decision(image, by=clara, choice="pro_b")
    SmearImage.objects.filter(pk=image.pk).update(withdrawn_at=image.uploaded_at)
    assert printed(report) == before


def test_an_amended_report_says_what_changed_by_whom_and_why(signed: Case, clara: User) -> None:
    first = made(signed, by=clara)
    review_amend(signed, by=clara, reason="Second look.")
    image = SmearImage.objects.filter(case=signed).earliest("uploaded_at")
    readings.decision(image, by=clara, choice="pro_b")
    readings.signature(signed, by=clara)
    second = made(signed, by=clara)
    assert second.status == ReportStatus.AMENDED
    page = printed(second)
    for words in ("Second look.", "Image 1: Early Pre-B became Pro-B.", "Opened by Clara Uwase"):
        assert words in page
    assert report_superseded_by(first) == second
    assert read_sealed(first.key).startswith(b"%PDF")


def test_a_preliminary_report_does_not_take_the_place_of_a_signed_one(
    signed: Case, clara: User
) -> None:
    final = made(signed, by=clara)
    review_amend(signed, by=clara, reason="Second look.")
    interim = made(signed, by=clara)
    assert interim.status == ReportStatus.PRELIMINARY
    assert report_superseded_by(final) is None


@needs_pdftotext
def test_hostile_names_are_inert_in_a_signed_report(clara: User, tmp_path: Path) -> None:
    User.objects.filter(pk=clara.pk).update(first_name=HOSTILE[:150], last_name="</title>")
    clara.refresh_from_db()
    case = readings.case_ready(by=clara, patient="<b>P</b>{{ 7 }}", accession="</style>x")
    readings.signature(case, by=clara)
    review_amend(case, by=clara, reason=HOSTILE)
    readings.signature(case, by=clara)
    report = made(case, by=clara)
    page = printed(report)
    assert "<script" not in page
    assert "<b>P" not in page
    assert "&lt;/style&gt;x" in page
    assert page.count("</title>") == page.count("</style>") == 1
    text = " ".join(text_of(read_sealed(report.key), tmp_path))
    assert "<script>alert(1)</script>" in text
    assert "{{ 7 }}" in text


def test_a_changed_decision_does_not_reach_a_report_that_was_signed(
    signed: Case, clara: User
) -> None:
    report, _ = report_requested(signed, by=clara)
    Decision.objects.update(label="benign")
    content = report_content(report)
    assert {one.readings[0].said for one in content.images} == {"Early Pre-B"}


def test_rendering_is_asked_for_as_work(signed: Case, clara: User) -> None:
    report, _ = report_requested(signed, by=clara)
    assert json.loads(json.dumps(Job.objects.get(subject=report.pk).payload))["report"] == str(
        report.pk
    )


def test_the_code_leads_to_the_verify_page() -> None:
    address = "https://lab.example/verify/2b1f2a36-5e0c-4d53-9f6c-6f4b1c1f0a11/"
    png = base64.b64decode(qr_code(address).partition(",")[2])
    drawn = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert cv2.QRCodeDetector().detectAndDecode(drawn)[0] == address


def test_the_heatmap_is_that_of_the_result_that_was_signed(signed: Case, clara: User) -> None:
    image = SmearImage.objects.filter(case=signed).earliest("uploaded_at")
    signed_one = Prediction.objects.get(image=image)
    report, _ = report_requested(signed, by=clara)
    before = report_pictures(report_content(report).images)[image.pk]
    later = Prediction.objects.create(
        image=image,
        model=factories.ModelVersionFactory(name="later", status="candidate"),
        job=factories.job(about=image, state="succeeded"),
        label="pro_b",
        confidence=0.9,
        malignant=0.9,
    )
    Heatmap.objects.create(
        prediction=later, label="pro_b", method="cam", layer="last", rows=1, columns=2,
        grid=np.array([1, 0], np.float16).tobytes(),
    )  # fmt: skip
    content = report_content(report)
    said = content.images[0].suggestion
    assert said is not None
    assert said.heatmap == signed_one.heatmaps.get().pk
    assert report_pictures(content.images)[image.pk] == before


def test_a_report_is_written_in_the_language_of_who_asks(signed: Case, clara: User) -> None:
    User.objects.filter(pk=clara.pk).update(language="fr")
    clara.refresh_from_db()
    report, _ = report_requested(signed, by=clara)
    assert report.language == "fr"
    assert '<html lang="fr">' in printed(report)
    with translation.override("fr"):
        signature = report_content(report).signature
    assert signature is not None
    with translation.override("fr"):
        assert signature.at == moment(report.signature.at)  # type: ignore[union-attr]
    assert signature.at != moment(report.signature.at)  # type: ignore[union-attr]
