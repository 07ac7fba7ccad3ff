"""Which version serves: a person decides, with a reason."""

from __future__ import annotations

import pytest
from django.db import InternalError, transaction

from hemaqueue.accounts.models import User
from hemaqueue.common.errors import Missing, Refused
from hemaqueue.pipeline.versions import version_promoted, version_rejected
from hemaqueue.registry.deciding import VersionRejected, VersionServes, VersionServesAlready
from hemaqueue.registry.models import Activation, ModelStatus, ModelVersion
from tests import factories
from tests.hemaqueue.training.leaving import METRICS
from tests.people import adam, clara

__all__ = ["adam", "clara"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def serving(db: None) -> ModelVersion:
    return factories.ModelVersionFactory()


@pytest.fixture
def candidate(serving: ModelVersion) -> ModelVersion:
    facts = factories.FACTS | {"metrics": METRICS}
    return factories.ModelVersionFactory(name="two", status=ModelStatus.CANDIDATE, facts=facts)


def status(version: ModelVersion) -> str:
    version.refresh_from_db()
    return version.status


WHY = {"reason": "Better on every class", "override": "A test has no figures"}


def test_a_promoted_version_serves_and_the_former_one_retires(
    serving: ModelVersion, candidate: ModelVersion, adam: User
) -> None:
    assert version_promoted(candidate, by=adam, **WHY) is None
    assert (status(candidate), status(serving)) == (ModelStatus.SERVING, ModelStatus.RETIRED)
    act = Activation.objects.get()
    assert (act.model, act.former, act.by) == (candidate, serving, adam)
    assert act.override == "A test has no figures"


def test_what_serves_is_not_promoted_again(serving: ModelVersion, adam: User) -> None:
    with pytest.raises(VersionServesAlready):
        version_promoted(serving, by=adam, **WHY)
    assert not Activation.objects.exists()


def test_what_served_when_is_never_changed(candidate: ModelVersion, adam: User) -> None:
    version_promoted(candidate, by=adam, **WHY)
    with pytest.raises(InternalError), transaction.atomic():
        Activation.objects.update(reason="Another")
    with pytest.raises(InternalError), transaction.atomic():
        Activation.objects.all().delete()
    assert Activation.objects.get().reason == WHY["reason"]


def test_a_rejected_version_never_serves(candidate: ModelVersion, adam: User) -> None:
    version_rejected(candidate, by=adam, reason="Sensitivity fell")
    assert status(candidate) == ModelStatus.REJECTED
    assert candidate.rejected_because == "Sensitivity fell"
    with pytest.raises(VersionRejected):
        version_promoted(candidate, by=adam, **WHY)
    with pytest.raises(VersionRejected):
        version_rejected(candidate, by=adam, reason="Again")
    assert status(candidate) == ModelStatus.REJECTED


def test_the_serving_version_cannot_be_rejected(serving: ModelVersion, adam: User) -> None:
    with pytest.raises(VersionServes):
        version_rejected(serving, by=adam, reason="I do not like it")


@pytest.mark.parametrize("act", [version_promoted, version_rejected])
def test_both_acts_need_a_reason_and_an_administrator(
    act: object, candidate: ModelVersion, adam: User, clara: User
) -> None:
    with pytest.raises(Refused) as refused:
        act(candidate, by=adam, reason="  ")  # type: ignore[operator]
    assert refused.value.code == "reason_required"
    with pytest.raises(Missing):
        act(candidate, by=clara, reason="Mine")  # type: ignore[operator]
    assert status(candidate) == ModelStatus.CANDIDATE
