"""Which version served at a moment, and the thresholds that held then."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.registry.deciding import model_promote
from hemaqueue.registry.models import ModelStatus, ModelVersion, OperatingPoint
from tests import factories
from tests.people import Script

HERE = "/api/v1/models/serving/"
A_WHILE = timedelta(microseconds=1)


@pytest.fixture
def first(adam: User) -> ModelVersion:
    return promoted("one", by=adam)


@pytest.fixture
def second(first: ModelVersion, adam: User) -> ModelVersion:
    return promoted("two", by=adam)


def promoted(name: str, *, by: User) -> ModelVersion:
    version = factories.ModelVersionFactory(name=name, status=ModelStatus.CANDIDATE)
    model_promote(version, by=by, reason="It is better")
    return version


def began(version: ModelVersion) -> datetime:
    return version.activations.get().at


def chosen(version: ModelVersion, *, decision: float, at: datetime, by: User) -> OperatingPoint:
    return OperatingPoint.objects.create(
        model=version, decision=decision, abstain=0.7, evaluation=uuid.uuid4(), by=by,
        reason="Fewer misses", at=at,
    )  # fmt: skip


def serving(reader: User, at: datetime | None = None) -> list[dict[str, Any]]:
    query = {"at": at.isoformat()} if at else {}
    found: list[dict[str, Any]] = Script(reader).get(HERE, data=query).json()["results"]
    return found


def names(reader: User, at: datetime | None = None) -> list[str]:
    return [one["name"] for one in serving(reader, at)]


def test_each_moment_has_its_version(
    first: ModelVersion, second: ModelVersion, tessa: User
) -> None:
    assert names(tessa, began(first) - A_WHILE) == []
    assert names(tessa, began(first)) == ["one"]
    assert names(tessa, began(second) - A_WHILE) == ["one"]
    assert names(tessa, began(second)) == ["two"]
    assert names(tessa, began(second) + timedelta(days=1)) == names(tessa) == ["two"]


def test_each_kind_of_image_has_its_own(first: ModelVersion, adam: User, tessa: User) -> None:
    field = factories.ModelVersionFactory(
        name="field", image_kind="field", status=ModelStatus.CANDIDATE
    )
    model_promote(field, by=adam, reason="The first")
    assert names(tessa, began(field) - A_WHILE) == ["one"]
    assert sorted(names(tessa, began(field))) == ["field", "one"]


def test_each_moment_has_its_thresholds(first: ModelVersion, adam: User, tessa: User) -> None:
    start = began(first)
    chosen(first, decision=0.4, at=start + timedelta(seconds=1), by=adam)
    chosen(first, decision=0.3, at=start + timedelta(seconds=2), by=adam)
    found = [serving(tessa, start + timedelta(seconds=after))[0] for after in (0, 1, 2)]
    assert [one["thresholds"]["decision"] for one in found] == [0.5, 0.4, 0.3]
    assert [one["thresholds"]["abstain"] for one in found] == [0.6, 0.7, 0.7]
    assert {one["thresholds"]["out_of_distribution"] for one in found} == {3.0}
    assert found[0]["operating_point"] is None
    assert found[1]["operating_point"]["reason"] == "Fewer misses"
    assert found[1]["operating_point"]["by"] == adam.printed_name


def test_lists_show_the_thresholds_that_hold(first: ModelVersion, adam: User, tessa: User) -> None:
    chosen(first, decision=0.4, at=began(first), by=adam)
    for address in (HERE, "/api/v1/models/"):
        (found,) = Script(tessa).get(address).json()["results"]
        assert found["thresholds"] == {
            "decision": 0.4, "abstain": 0.7, "out_of_distribution": 3.0
        }  # fmt: skip


BAD = ["yesterday", "2026-13-01T00:00Z", "1e400", "0001-01-01T00:00+14", "9999-12-31T23:59-14"]


@pytest.mark.parametrize("moment", BAD)
def test_what_is_no_moment_is_refused(tessa: User, moment: str) -> None:
    refused = Script(tessa).get(HERE, data={"at": moment})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
    assert refused.json()["errors"] == [
        {"field": "at", "code": "invalid", "detail": "A moment looks like 2026-05-01T00:00Z."}
    ]
