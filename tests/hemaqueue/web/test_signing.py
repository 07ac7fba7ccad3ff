"""Signing, amending and verifying on the pages, without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse

from hemaqueue.audit.models import AuditEvent, Outcome
from hemaqueue.jobs.models import Job
from hemaqueue.reports.models import Report
from hemaqueue.reviews.models import Decision, Signature
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.specimens.models import Case, SmearImage
from tests import factories, readings


@pytest.fixture
def case(db: None) -> Case:
    return readings.case_ready(by=factories.clara(), images=2, accession="BM-1")


def sign(browser: Client, case: Case, **said: str) -> Any:
    body = {
        "meaning": "reviewed", "password": factories.PASSWORD, "stamp": readings.stamp(case)
    } | said  # fmt: skip
    return browser.post(reverse("case_sign", args=[case.pk]), body)


def page(browser: Client, name: str, case: Case) -> str:
    return browser.get(reverse(name, args=[case.pk])).content.decode()


def test_signing_asks_for_statement_name_meaning_and_password(clara: Client, case: Case) -> None:
    assert reverse("case_sign", args=[case.pk]) in page(clara, "case", case)
    shown = page(clara, "case_sign", case)
    assert "I have reviewed these images and take responsibility for this report." in shown
    assert "Clara Uwase" in shown
    assert 'type="password"' in shown
    assert '<option value="" selected>choose</option>' in shown


def test_a_signed_case_says_who_and_makes_the_final_report(clara: Client, case: Case) -> None:
    assert sign(clara, case).status_code == 302
    shown = page(clara, "case", case)
    assert "Clara Uwase" in shown
    assert "Sign case" not in shown
    assert reverse("case_amend", args=[case.pk]) in shown
    report = Report.objects.get(case=case)
    assert report.status == "final"
    assert Job.objects.filter(subject=report.pk).exists()


def test_signing_is_shut_with_its_reasons_while_an_image_is_uncertain(
    clara: Client, case: Case
) -> None:
    image = SmearImage.objects.filter(case=case).latest("uploaded_at")
    readings.decision(image, by=factories.clara(), choice="uncertain")
    shown = page(clara, "case", case)
    assert "image 2 is uncertain" in shown
    assert "disabled" in shown
    answer = sign(clara, case)
    assert answer.status_code == 409
    assert "image 2 is uncertain" in answer.content.decode()


def test_a_wrong_password_signs_nothing_and_is_counted(clara: Client, case: Case) -> None:
    answer = sign(clara, case, password="wrong")
    assert answer.status_code == 403
    assert "This is not your password." in answer.content.decode()
    assert "wrong" not in answer.content.decode().partition('type="password"')[2][:80]
    assert not Signature.objects.exists()
    assert AccessAttempt.objects.get(username="clara").failures_since_start == 1
    assert AuditEvent.objects.filter(action="case.sign", outcome=Outcome.DENIED).count() == 1


def test_five_wrong_passwords_lock_signing_and_logging_in(clara: Client, case: Case) -> None:
    for _ in range(5):
        answer = sign(clara, case, password="wrong")
    assert answer.status_code == 429
    assert sign(clara, case).status_code == 429
    login = {"login": "clara", "password": factories.PASSWORD}
    assert Client().post("/account/login/", login).status_code == 429
    assert not Signature.objects.exists()


def test_the_right_password_forgets_the_wrong_ones(clara: Client, case: Case) -> None:
    for _ in range(4):
        sign(clara, case, password="wrong")
    assert sign(clara, case).status_code == 302
    assert not AccessAttempt.objects.filter(username="clara").exists()


@pytest.mark.parametrize("who", ["tessa", "adam"])
def test_who_is_no_clinician_neither_sees_nor_does_it(
    who: str, case: Case, request: pytest.FixtureRequest
) -> None:
    browser = request.getfixturevalue(who)
    assert "Sign case" not in page(browser, "case", case)
    assert sign(browser, case).status_code == 403
    assert not Signature.objects.exists()


def test_a_page_that_is_old_signs_nothing_new(clara: Client, case: Case) -> None:
    stamp = readings.stamp(case)
    image = SmearImage.objects.filter(case=case).latest("uploaded_at")
    readings.decision(image, by=factories.clara(), choice="pre_b")
    answer = sign(clara, case, stamp=stamp)
    assert answer.status_code == 409
    assert "changed since you opened this page" in answer.content.decode()
    assert "Pre-B" in answer.content.decode()


def test_a_decision_after_signing_is_refused_with_its_words(clara: Client, case: Case) -> None:
    sign(clara, case)
    image = SmearImage.objects.filter(case=case).latest("uploaded_at")
    shown = page(clara, "image", image)  # type: ignore[arg-type]
    assert 'name="choice"' not in shown
    assert "only an amendment changes a decision" in shown
    answer = clara.post(
        reverse("image_decide", args=[image.pk]),
        {"choice": "early_pre_b", "seen": review_stamp(image)},
    )
    assert answer.status_code == 409
    assert "This case is signed." in answer.content.decode()


def test_amending_keeps_revision_one_reachable(clara: Client, case: Case) -> None:
    sign(clara, case)
    first = factories.report(case, by=factories.clara(), revision=7)
    Report.objects.filter(pk=first.pk).update(
        signature=Signature.objects.get(), status="final", content_sha256="1" * 64
    )
    address = reverse("case_amend", args=[case.pk])
    assert clara.post(address, {"reason": ""}).status_code == 422
    assert clara.post(address, {"reason": "A second look."}).status_code == 302
    opened = page(clara, "case", case)
    assert "A second look." in opened
    assert "The case was opened again since it was signed" in opened
    assert sign(clara, case).status_code == 302
    again = Report.objects.get(case=case, status="amended")
    Report.objects.filter(pk=again.pk).update(rendered_at=again.requested_at)
    shown = page(clara, "case", case)
    assert "The case was opened again since" not in shown
    assert f"superseded by revision {again.revision}" in shown
    assert clara.get(reverse("report_file", args=[first.pk])).content.startswith(b"%PDF")
    verified = clara.get(reverse("verify", args=[first.pk])).content.decode()
    assert "This report is superseded." in verified
    assert reverse("verify", args=[again.pk]) in verified


def test_the_verify_page_says_that_the_signature_holds(clara: Client, case: Case) -> None:
    sign(clara, case)
    shown = page(clara, "verify", Report.objects.get(case=case))  # type: ignore[arg-type]
    assert "The signature holds" in shown
    assert Signature.objects.get().printed_name in shown


def test_the_verify_page_finds_a_decision_that_was_tampered_with(clara: Client, case: Case) -> None:
    sign(clara, case)
    image = SmearImage.objects.filter(case=case).earliest("uploaded_at")
    Decision.objects.filter(image=image).update(label="benign")
    shown = page(clara, "verify", Report.objects.get(case=case))  # type: ignore[arg-type]
    assert "The signature does not hold" in shown
    assert "Image 1: Early Pre-B became Benign." in shown


def test_the_verify_page_of_an_unsigned_report_says_so(clara: Client, case: Case) -> None:
    report = factories.report(case, by=factories.clara())
    shown = page(clara, "verify", report)  # type: ignore[arg-type]
    assert "Nobody signed this report" in shown
    assert report.file_sha256 in shown
    assert "it is the one that was made" in shown


def test_nobody_verifies_without_logging_in(case: Case) -> None:
    report = factories.report(case, by=factories.clara())
    assert Client().get(reverse("verify", args=[report.pk])).status_code == 302


def test_the_timeline_of_an_image_tells_of_signing_and_amending(clara: Client, case: Case) -> None:
    sign(clara, case)
    clara.post(reverse("case_amend", args=[case.pk]), {"reason": "A second look."})
    shown = page(
        clara, "image_timeline", SmearImage.objects.filter(case=case).latest("uploaded_at")
    )  # type: ignore[arg-type]
    assert "Clara Uwase signed revision 1 of the case" in shown
    assert "Clara Uwase opened the case again" in shown
    assert "A second look." in shown
