"""The worklist and the claims by script."""

from __future__ import annotations

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.reviews.models import Review
from hemaqueue.reviews.selectors import review_stamp
from hemaqueue.specimens.models import Case, SmearImage
from tests import factories
from tests.people import Script

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/worklist/"


def made(accession: str, **more: object) -> Case:
    case: Case = factories.CaseFactory(accession=accession, **more)
    factories.prediction(factories.image(case=case))
    return case


def test_rows_say_lane_and_reasons(clara: User) -> None:
    case = made("BM-1", urgent=True)
    (row,) = Script(clara).get(ADDRESS).json()["results"]
    assert (row["case"], row["lane"]) == (str(case.pk), "attention")
    assert row["reasons"] == ["urgent", "malignant"]
    assert (row["images"], row["malignant"], row["decided"]) == (1, 1, 0)
    assert (row["overdue"], row["claimed_by"]) == (False, None)


def test_a_cursor_leads_through_the_list(clara: User) -> None:
    for number in range(5):
        made(f"BM-{number}")
    script, seen, address = Script(clara), [], f"{ADDRESS}?page_size=2&order=oldest"
    while address:
        page = script.get(address).json()
        seen += [row["accession"] for row in page["results"]]
        address = page["next"]
    assert seen == [f"BM-{number}" for number in range(5)]


def test_a_cursor_of_another_order_is_refused(clara: User) -> None:
    for number in range(2):
        made(f"BM-{number}")
    after = Script(clara).get(f"{ADDRESS}?page_size=1&order=oldest").json()["next"]
    for address in (after.replace("oldest", "newest"), f"{ADDRESS}?cursor=x"):
        answer = Script(clara).get(address)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


@pytest.mark.parametrize("asked", ["lane=x", "reason=case__patient", "q=%00", "age=9"])
def test_a_filter_that_means_nothing_is_refused(clara: User, asked: str) -> None:
    answer = Script(clara).get(f"{ADDRESS}?{asked}")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_filter")


def test_a_claim_is_taken_renewed_and_let_go(clara: User) -> None:
    case = made("BM-1")
    address = f"/api/v1/cases/{case.pk}/claim/"
    script = Script(clara)
    for _ in range(2):
        assert script.post(address).json()["claimed_by"] == "clara"
    for _ in range(2):
        assert script.delete(address).json() == {"claimed_by": None, "claimed_until": None}


def test_a_claimed_case_is_refused_to_others_until_they_say_why(clara: User) -> None:
    case = made("BM-1")
    carl = Script(factories.person("carl", "clinician", site=case.site))
    address = f"/api/v1/cases/{case.pk}/claim/"
    Script(clara).post(address)
    image = SmearImage.objects.get(case=case)
    said = {"choice": "label", "label": "early_pre_b", "stamp": review_stamp(image)}
    for answer in (
        carl.post(address),
        carl.post(f"/api/v1/images/{image.pk}/decisions/", said),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "claimed")
    carl.delete(address)
    assert Review.objects.get(case=case).claimed_by == clara
    taken = carl.post(address, {"take_over_reason": "Clara left."})
    assert taken.json()["claimed_by"] == "carl"
    assert carl.post(f"/api/v1/images/{image.pk}/decisions/", said).status_code == 201
