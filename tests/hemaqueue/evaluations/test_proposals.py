"""Two administrators let a candidate serve: one proposes, another one confirms."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import InternalError, connection, transaction

from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.common.errors import Missing, PlatformError, Refused
from hemaqueue.evaluations.gates import GatesFailed
from hemaqueue.evaluations.models import Proposal, ProposalEnd
from hemaqueue.evaluations.policy import gate_policy_change
from hemaqueue.evaluations.proposals import (
    ProposalEnded,
    ProposalNotNeeded,
    ProposalOpen,
    ProposalOwn,
    ProposalStale,
    Standing,
    TwoPeopleNeeded,
    proposal_confirm,
    proposal_decline,
    proposal_get,
    proposal_make,
    proposal_open_to,
    proposal_standing,
)
from hemaqueue.pipeline.versions import version_promoted, version_rejected
from hemaqueue.registry.cards import card_write
from hemaqueue.registry.deciding import VersionRejected, VersionServesAlready, model_promote
from hemaqueue.registry.models import Activation, ModelStatus, ModelVersion
from tests import factories, judging
from tests.hemaqueue.evaluations.test_gates import TEXTS
from tests.people import adam, beate, clara

__all__ = ["adam", "beate", "clara"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def candidate(adam: User) -> ModelVersion:
    """A candidate that passes every gate, where two people decide."""
    judging.evaluation(factories.ModelVersionFactory())
    version = factories.ModelVersionFactory(name="two", status=ModelStatus.CANDIDATE)
    judging.evaluation(version, judging.some_rows(wrong=2))
    card_write(version, texts=TEXTS, by=adam)
    gate_policy_change({"two_people": True}, reason="Nobody alone", by=adam)
    return version


def proposed(version: ModelVersion, *, by: User, **more: str) -> Proposal:
    given = {"reason": "Better on every class", "override": ""} | more
    return proposal_make(version, by=by, **given)


def status(version: ModelVersion) -> str:
    version.refresh_from_db()
    return version.status


def test_it_serves_when_another_one_confirms_and_both_are_on_record(
    candidate: ModelVersion, adam: User, beate: User
) -> None:
    proposal = proposed(candidate, by=adam)
    assert status(candidate) == ModelStatus.CANDIDATE
    assert proposal_open_to(proposal, standing=Standing.OPEN) == [beate]
    proposal_confirm(proposal, by=beate)
    assert status(candidate) == ModelStatus.SERVING
    act = Activation.objects.get()
    assert (act.by, act.proposed_by, act.reason) == (beate, adam, "Better on every class")
    assert AuditEvent.objects.get(action="model.propose").actor_id == adam.pk
    promoted = AuditEvent.objects.get(action="model.promote", actor_id=beate.pk)
    assert promoted.details["proposed_by"] == str(adam.pk)
    assert proposal_standing(proposal) is Standing.CONFIRMED


def test_nobody_confirms_the_own_proposal(candidate: ModelVersion, adam: User) -> None:
    proposal = proposed(candidate, by=adam)
    with pytest.raises(ProposalOwn):
        proposal_confirm(proposal, by=adam)
    assert status(candidate) == ModelStatus.CANDIDATE


def test_one_alone_lets_no_candidate_serve(candidate: ModelVersion, adam: User) -> None:
    with pytest.raises(TwoPeopleNeeded):
        version_promoted(candidate, by=adam, reason="Better", override="A trial")
    assert status(candidate) == ModelStatus.CANDIDATE


def test_where_one_decides_nothing_is_proposed(candidate: ModelVersion, adam: User) -> None:
    gate_policy_change({"two_people": False}, reason="A small team", by=adam)
    with pytest.raises(ProposalNotNeeded):
        proposed(candidate, by=adam)
    version_promoted(candidate, by=adam, reason="Better")
    assert Activation.objects.get().proposed_by is None


def test_gates_hold_for_proposing_too(candidate: ModelVersion, adam: User, beate: User) -> None:
    judging.evaluation(candidate, ece=0.2)
    with pytest.raises(GatesFailed) as refused:
        proposed(candidate, by=adam)
    assert "ece" in {one.name for one in refused.value.gates}
    proposal_confirm(proposed(candidate, by=adam, override="A trial"), by=beate)
    assert Activation.objects.get().override == "A trial"


def _judged(version: ModelVersion, by: User) -> None:
    judging.evaluation(version, judging.some_rows(wrong=1))


def _other_gates(version: ModelVersion, by: User) -> None:
    gate_policy_change({"ece_limit": 0.04}, reason="Surer", by=by)


def _another_serves(version: ModelVersion, by: User) -> None:
    model_promote(factories.ModelVersionFactory(name="three"), by=None, reason="Meanwhile")


def _rejected(version: ModelVersion, by: User) -> None:
    version_rejected(version, by=by, reason="It is worse")


CHANGES = [
    (_judged, Standing.JUDGED),
    (_other_gates, Standing.GATES),
    (_another_serves, Standing.SERVING),
    (_rejected, Standing.DECIDED),
]


@pytest.mark.parametrize(("change", "standing"), CHANGES)
def test_what_a_proposal_rests_on_may_not_change(
    candidate: ModelVersion,
    adam: User,
    beate: User,
    change: Callable[[ModelVersion, User], None],
    standing: Standing,
) -> None:
    factories.ModelVersionFactory(name="three", status=ModelStatus.CANDIDATE)
    proposal = proposed(candidate, by=adam)
    change(candidate, beate)
    assert proposal_standing(proposal) is standing
    assert proposal_open_to(proposal, standing=standing) == []
    before = status(candidate)
    with pytest.raises(ProposalStale):
        proposal_confirm(proposal, by=beate)
    with pytest.raises(ProposalStale):
        proposal_decline(proposal, reason="No", by=beate)
    assert status(candidate) == before


def test_another_kind_of_image_changes_nothing(
    candidate: ModelVersion, adam: User, beate: User
) -> None:
    proposal = proposed(candidate, by=adam)
    field = factories.ModelVersionFactory(name="field", image_kind="field", status="candidate")
    model_promote(field, by=None, reason="The first")
    proposal_confirm(proposal, by=beate)
    assert status(candidate) == ModelStatus.SERVING


def test_a_declined_one_stays_a_candidate_and_may_be_proposed_anew(
    candidate: ModelVersion, adam: User, beate: User
) -> None:
    first = proposed(candidate, by=adam)
    with pytest.raises(ProposalOpen):
        proposed(candidate, by=beate)
    with pytest.raises(Refused) as refused:
        proposal_decline(first, reason=" ", by=beate)
    assert refused.value.code == "reason_required"
    proposal_decline(first, reason="Its card says too little", by=beate)
    for act in (proposal_confirm, _decline):
        with pytest.raises(ProposalEnded):
            act(first, by=beate)
    assert ProposalEnd.objects.get().reason == "Its card says too little"
    second = proposed(candidate, by=beate)
    proposal_decline(second, reason="I was too quick", by=beate)  # the own one, taken back
    assert status(candidate) == ModelStatus.CANDIDATE


def _decline(proposal: Proposal, *, by: User) -> None:
    proposal_decline(proposal, reason="No", by=by)


def test_only_a_candidate_is_proposed(candidate: ModelVersion, adam: User) -> None:
    for state, refusal in (
        (ModelStatus.SERVING, VersionServesAlready),
        (ModelStatus.REJECTED, VersionRejected),
        (ModelStatus.RETIRED, ProposalNotNeeded),
    ):
        version = factories.ModelVersionFactory(name=state, image_kind="cell", status=state)
        with pytest.raises(refusal):
            proposed(version, by=adam)


def test_going_back_stays_one_persons_act(candidate: ModelVersion, adam: User) -> None:
    retired = factories.ModelVersionFactory(name="old", status=ModelStatus.RETIRED)
    assert version_promoted(retired, by=adam, reason="Back: false alarms")


def test_it_is_for_who_runs_the_installation(
    candidate: ModelVersion, adam: User, clara: User
) -> None:
    proposal = proposed(candidate, by=adam)
    with pytest.raises(Missing):
        proposed(candidate, by=clara)
    for act in (proposal_confirm, _decline):
        with pytest.raises(Missing):
            act(proposal, by=clara)
    assert proposal_standing(proposal) is Standing.OPEN


def test_what_was_proposed_is_never_changed(candidate: ModelVersion, adam: User) -> None:
    proposed(candidate, by=adam)
    with pytest.raises(InternalError), transaction.atomic():
        Proposal.objects.update(reason="Another")


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_make_one_activation(
    candidate: ModelVersion, adam: User, beate: User
) -> None:
    proposal = proposed(candidate, by=adam)
    carl = factories.person("carl", "administrator", is_staff=True)
    start, refused = Barrier(2), []

    def confirm(by: User) -> None:
        start.wait()
        try:
            proposal_confirm(proposal_get(proposal.pk), by=by)
        except PlatformError as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    both = [Thread(target=confirm, args=(by,)) for by in (beate, carl)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert refused == ["proposal_ended"]
    assert Activation.objects.filter(model=candidate).count() == 1
    assert status(candidate) == ModelStatus.SERVING
