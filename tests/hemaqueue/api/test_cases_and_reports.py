"""Cases with their numbers, sharing, and reports: 202 while they are made, then the file."""

from __future__ import annotations

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.jobs.models import Job
from hemaqueue.reports.models import Report
from hemaqueue.specimens.models import Case
from tests import factories
from tests.people import Script

pytestmark = pytest.mark.django_db


@pytest.fixture
def script(clara: User) -> Script:
    return Script(clara)


@pytest.fixture
def case(db: None) -> Case:
    return factories.CaseFactory(accession="BM-1")


def test_a_case_is_counted_and_compared(script: Script, case: Case) -> None:
    factories.prediction(factories.image(case=case))
    factories.prediction(factories.image(case=case), scores={"benign": 0.55, "pre_b": 0.45})
    factories.image(case=case)
    said = script.get(f"/api/v1/cases/{case.pk}/").json()
    assert said["roll_up"] == {
        "images": 3, "with_result": 2, "decided": 0,
        "labels": {"early_pre_b": 1, "benign": 1},
        "highest_malignant": 0.99, "lowest_confidence": 0.55,
    }  # fmt: skip
    assert len(said["images"]) == 3
    assert said["review"] == "open"


def test_a_case_is_shared_by_name_and_taken_back(script: Script, case: Case, otto: User) -> None:
    address = f"/api/v1/cases/{case.pk}/share/"
    assert script.post(address, {"colleague": "otto"}).json()["shared_with"] == ["otto"]
    assert Script(otto).get(f"/api/v1/cases/{case.pk}/").status_code == 200
    assert script.delete(address, {"colleague": "otto"}).json()["shared_with"] == []
    assert Script(otto).get(f"/api/v1/cases/{case.pk}/").status_code == 404


def test_nobody_learns_names_who_may_not_share(tessa: User, case: Case, otto: User) -> None:
    address = f"/api/v1/cases/{case.pk}/share/"
    said = [Script(tessa).post(address, {"colleague": name}) for name in ("otto", "nobody")]
    assert [one.status_code for one in said] == [403, 403]


def test_an_unknown_colleague_is_a_field_error(script: Script, case: Case) -> None:
    answer = script.post(f"/api/v1/cases/{case.pk}/share/", {"colleague": "nobody"})
    assert answer.json()["errors"][0]["field"] == "colleague"


def test_a_report_is_asked_for_and_then_read(script: Script, case: Case, clara: User) -> None:
    asked = script.post(f"/api/v1/cases/{case.pk}/reports/")
    assert asked.status_code == 202
    assert script.get(asked.json()["status_url"]).status_code == 202
    ready = factories.report(case, by=clara, revision=2)
    answer = script.get(f"/api/v1/reports/{ready.pk}/")
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="report-{ready.pk}-r2.pdf"'


def test_a_report_that_failed_says_so(script: Script, case: Case) -> None:
    asked = script.post(f"/api/v1/cases/{case.pk}/reports/").json()
    job = Job.objects.get(pk=asked["job_id"])
    Job.objects.filter(pk=job.pk).update(state="failed", finished_at=job.created_at)
    answer = script.get(asked["status_url"])
    assert (answer.status_code, answer.json()["code"]) == (409, "report_failed")


def test_the_short_address_makes_the_first_report_and_gives_the_newest(
    script: Script, case: Case, clara: User
) -> None:
    assert script.get(f"/report/{case.pk}").status_code == 202
    assert script.get(f"/report/{case.pk}").status_code == 202
    assert Report.objects.count() == 1
    factories.report(case, by=clara, revision=2)
    assert script.get(f"/report/{case.pk}").status_code == 200


def test_a_report_is_asked_for_by_accession(script: Script, case: Case) -> None:
    assert script.post("/report", {"case": "BM-1"}).status_code == 202
    assert script.post("/report", {"case": "BM-2"}).status_code == 404
    assert Report.objects.get().case == case


def test_who_may_not_report_starts_none_by_reading(tessa: User, case: Case) -> None:
    assert Script(tessa).get(f"/report/{case.pk}").status_code == 404
    assert not Report.objects.exists()
