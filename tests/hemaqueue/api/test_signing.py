"""Signing and amending by script."""

from __future__ import annotations

from typing import Any

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.registry.models import ModelVersion
from hemaqueue.reviews.models import Amendment, Signature
from hemaqueue.specimens.models import Case
from tests import factories, readings
from tests.people import Script, in_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(clara: User) -> Case:
    return readings.case_ready(by=clara)


def sign(script: Script, case: Case, **said: Any) -> Any:
    body = {"meaning": "approved", "password": factories.PASSWORD} | said
    body.setdefault("stamp", readings.stamp(case))
    return script.post(f"/api/v1/cases/{case.pk}/sign/", body)


def test_a_case_is_signed_with_the_stamp_it_was_read_with(clara: User, case: Case) -> None:
    script = in_person(clara)
    read = script.get(f"/api/v1/cases/{case.pk}/").json()
    assert (read["revision"], read["blockers"], read["signatures"]) == (1, [], [])
    answer = sign(script, case, stamp=read["stamp"])
    assert answer.status_code == 201
    assert answer.json()["content_sha256"] == read["stamp"]
    after = script.get(f"/api/v1/cases/{case.pk}/").json()
    assert (after["review"], len(after["signatures"]), len(after["reports"])) == ("signed", 1, 1)


def test_what_stands_in_the_way_is_listed(clara: User, case: Case) -> None:
    factories.prediction(factories.image(case=case))
    answer = sign(in_person(clara), case)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_ready")
    assert [one["code"] for one in answer.json()["errors"]] == ["undecided"]


def test_a_token_without_the_password_signs_nothing(clara: User, case: Case) -> None:
    script = in_person(clara)
    answer = sign(script, case, password="wrong")
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_password")
    for _ in range(4):
        answer = sign(script, case, password="wrong")
    assert (answer.status_code, answer.json()["code"]) == (429, "locked")
    assert not Signature.objects.exists()


@pytest.mark.parametrize("left_out", ["meaning", "password", "stamp"])
def test_half_a_signature_is_none(clara: User, case: Case, left_out: str) -> None:
    answer = sign(in_person(clara), case, **{left_out: ""})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, left_out)


def test_an_amendment_opens_the_next_revision(clara: User, case: Case) -> None:
    script = in_person(clara)
    address = f"/api/v1/cases/{case.pk}/amend/"
    early = script.post(address, {"reason": "A second look."})
    assert (early.status_code, early.json()["code"]) == (409, "not_signed")
    sign(script, case)
    answer = script.post(address, {"reason": "A second look."})
    assert (answer.status_code, answer.json()["revision"]) == (201, 2)
    assert sign(script, case).json()["reason"] == "A second look."


def test_what_was_signed_is_not_taken_back(clara: User, tessa: User, case: Case) -> None:
    factories.prediction(second := factories.image(case=case))
    readings.decision(second, by=clara)
    sign(in_person(clara), case)
    answer = Script(tessa).post(f"/api/v1/images/{second.pk}/withdraw/")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_read")
    assert not Amendment.objects.exists()


def test_an_image_sent_to_a_signed_case_opens_it_again(
    clara: User, tessa: User, case: Case, serving: ModelVersion
) -> None:
    sign(in_person(clara), case)
    sent = Script(tessa).upload(factories.picture_file(90_017), accession=case.accession)
    assert sent.status_code == 202
    read = in_person(clara).get(f"/api/v1/cases/{case.pk}/").json()
    assert (read["review"], read["revision"]) == ("open", 2)
    assert read["blockers"] == ["Image 2 is still being worked on."]
