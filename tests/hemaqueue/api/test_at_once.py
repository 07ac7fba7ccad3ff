"""Scripts that do the same at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from hemaqueue.accounts.models import User
from hemaqueue.jobs.models import Job
from hemaqueue.specimens.models import Case, SmearImage
from tests import factories
from tests.people import Script

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPTS = 4


def at_once(do: Callable[[int], Any]) -> list[Any]:
    """Call `do` in threads that begin together; return what each answered."""
    together = Barrier(SCRIPTS)

    def one(number: int) -> Any:
        together.wait(10)
        try:
            return do(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(SCRIPTS) as pool:
        return list(pool.map(one, range(SCRIPTS)))


@pytest.fixture
def script(tessa: User) -> Script:
    factories.ModelVersionFactory()
    return Script(tessa)


def test_the_same_picture_becomes_one_image_and_one_job(script: Script) -> None:
    answers = at_once(lambda _: script.upload(factories.picture_file(), accession="BM-1"))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 202]
    assert len({answer.json()["image_id"] for answer in answers}) == 1
    assert (SmearImage.objects.count(), Job.objects.count()) == (1, 1)


def test_pictures_of_a_new_case_find_one_case(script: Script) -> None:
    answers = at_once(lambda n: script.upload(factories.picture_file(n), accession="BM-1"))
    assert [answer.status_code for answer in answers] == [202] * SCRIPTS
    assert (Case.objects.count(), SmearImage.objects.count()) == (1, SCRIPTS)


def test_one_key_at_once_is_one_image(script: Script) -> None:
    key = {"Idempotency-Key": "abc"}
    answers = at_once(lambda _: script.upload(factories.picture_file(), headers=dict(key)))
    assert {answer.status_code for answer in answers} <= {200, 202}
    assert len({answer.json()["image_id"] for answer in answers}) == 1


def test_a_decision_is_not_overtaken(clara: User) -> None:
    script = Script(clara)
    image = factories.image()
    factories.prediction(image)
    address = f"/api/v1/images/{image.pk}/"
    stamp = script.get(address).json()["stamp"]
    body = {"label": "early_pre_b", "stamp": stamp}
    answers = at_once(lambda _: script.post(f"{address}decisions/", body))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
