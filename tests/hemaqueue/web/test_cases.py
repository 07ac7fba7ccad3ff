"""A case: the roll-up, sharing by name, the report."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from hemaqueue.audit.models import AuditEvent
from hemaqueue.reports.models import Report
from hemaqueue.specimens.models import Case
from tests import factories

BENIGN = {"benign": 0.97, "pre_b": 0.01, "pro_b": 0.01, "early_pre_b": 0.01}


@pytest.fixture
def case(db: None) -> Case:
    """Three images: one suggests a malignant class, one benign, one waits."""
    made: Case = factories.CaseFactory(accession="BM-1")
    factories.prediction(factories.image(case=made))
    factories.prediction(factories.image(case=made), scores=BENIGN, flags=("out_of_distribution",))
    factories.job(about=factories.image(case=made))
    return made


def page(browser: Client, case: Case) -> str:
    return browser.get(reverse("case", args=[case.pk])).content.decode()


def test_the_roll_up_counts_images(clara: Client, case: Case) -> None:
    shown = page(clara, case)
    assert "1 of 3 images suggest a malignant class" in shown
    assert "malignant score: highest 0.99" in shown
    assert "Unlike training images · 1" in shown
    assert "1 not classified" in shown


def test_a_guest_sees_the_shared_case_and_nothing_else(
    clara: Client, otto: Client, case: Case
) -> None:
    other: Case = factories.CaseFactory()
    answer = clara.post(reverse("case_share", args=[case.pk]), {"colleague": "otto"}, follow=True)
    assert "Otto can now see this case." in answer.content.decode()
    assert "BM-1" in page(otto, case)
    image = case.images.first()
    assert otto.get(reverse("image", args=[image.pk])).status_code == 200
    assert otto.get(reverse("case", args=[other.pk])).status_code == 404


def test_sharing_can_be_ended(clara: Client, otto: Client, case: Case) -> None:
    clara.post(reverse("case_share", args=[case.pk]), {"colleague": "otto"})
    guest = factories.otto()
    clara.post(reverse("case_unshare", args=[case.pk]), {"colleague": str(guest.pk)})
    assert otto.get(reverse("case", args=[case.pk])).status_code == 404
    assert AuditEvent.objects.filter(action="case.unshare").count() == 1


def test_a_guest_does_not_decide_or_share_on(clara: Client, otto: Client, case: Case) -> None:
    clara.post(reverse("case_share", args=[case.pk]), {"colleague": "otto"})
    image = case.images.first()
    assert otto.post(reverse("image_decide", args=[image.pk])).status_code == 403
    assert otto.get(reverse("case_share", args=[case.pk])).status_code == 403


def test_a_name_that_nobody_has_is_told(clara: Client, case: Case) -> None:
    answer = clara.post(reverse("case_share", args=[case.pk]), {"colleague": "nobody"})
    assert answer.status_code == 422
    assert "Nobody has this user name" in answer.content.decode()


def test_a_technician_does_not_share(tessa: Client, case: Case) -> None:
    assert tessa.get(reverse("case_share", args=[case.pk])).status_code == 403


def test_a_report_is_asked_for_and_watched(clara: Client, case: Case) -> None:
    assert "No report of this case has been made." in page(clara, case)
    answer = clara.post(reverse("report_request", args=[case.pk]), follow=True)
    shown = answer.content.decode()
    assert Report.objects.get(case=case).revision == 1
    assert f'hx-get="{reverse("report_status", args=[case.pk])}"' in shown
    assert "It is being made" in shown


def test_a_report_is_read_with_an_event(clara: Client, case: Case) -> None:
    report = factories.report(case, by=factories.clara())
    assert "Revision 1, PDF" in page(clara, case)
    answer = clara.get(reverse("report_file", args=[report.pk]))
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Type"] == "application/pdf"
    assert AuditEvent.objects.filter(action="report.download").count() == 1


def test_a_technician_reads_reports_but_asks_for_none(tessa: Client, case: Case) -> None:
    assert "Make a report" not in page(tessa, case)
    assert tessa.post(reverse("report_request", args=[case.pk])).status_code == 403
