"""Who asks too often waits; a batch is never too often; without Redis nobody is refused."""

from __future__ import annotations

from typing import Any

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.common import rates
from hemaqueue.registry.models import ModelVersion
from tests.factories import BatchFactory, picture_file
from tests.people import Script

pytestmark = pytest.mark.django_db

STATUS = "/api/v1/status/"


@pytest.fixture(autouse=True)
def small_rates(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MINUTE", 3600)  # no test runs over the end of one
    monkeypatch.setattr(rates, "_away_until", 0.0)
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"RATES": {"api": 3, "file": 5, "single": 2}}


def test_the_fourth_request_is_told_how_long_to_wait(tessa: User) -> None:
    script = Script(tessa)
    assert [script.get(STATUS).status_code for _ in range(3)] == [200] * 3
    answer = script.get(STATUS)
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert answer["Content-Type"] == "application/problem+json"


def test_each_person_is_counted_alone(tessa: User, clara: User) -> None:
    script = Script(tessa)
    assert [script.get(STATUS).status_code for _ in range(4)][-1] == 429
    assert Script(clara).get(STATUS).status_code == 200


def test_files_without_a_batch_are_counted_apart(tessa: User, serving: ModelVersion) -> None:
    script, batch = Script(tessa), str(BatchFactory().pk)
    codes = [script.upload(picture_file(seed)).status_code for seed in range(3)]
    assert codes == [202, 202, 429]
    codes = [script.upload(picture_file(seed), batch=batch).status_code for seed in (7, 8, 9)]
    assert codes == [202, 202, 429]  # the sixth of five
    assert script.get(STATUS).status_code == 200


def test_without_redis_nobody_is_refused(tessa: User, settings: Any) -> None:
    settings.HEMAQUEUE = settings.HEMAQUEUE | {"REDIS_URL": "redis://127.0.0.1:1/0"}
    script = Script(tessa)
    assert [script.get(STATUS).status_code for _ in range(5)] == [200] * 5
