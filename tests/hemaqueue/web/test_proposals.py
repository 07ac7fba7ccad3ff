"""A candidate's page where two administrators decide: proposed, confirmed, declined, too old."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from hemaqueue.evaluations.models import GatePolicy, Proposal
from hemaqueue.evaluations.policy import gate_limits, gate_policy
from hemaqueue.registry.models import ModelStatus, ModelVersion
from tests import factories, judging
from tests.hemaqueue.web.conftest import signed_in
from tests.people import another_administrator

GIVEN = {"reason": "Better on every class", "override": "A trial"}


@pytest.fixture
def beate(db: None) -> Client:
    return signed_in(another_administrator())


@pytest.fixture
def candidate(db: None) -> ModelVersion:
    factories.ModelVersionFactory()
    GatePolicy.objects.create(two_people=True, reason="Nobody alone", by=factories.adam())
    return factories.ModelVersionFactory(name="two", status=ModelStatus.CANDIDATE)


def page(browser: Client, version: ModelVersion) -> str:
    return browser.get(reverse("model", args=[version.pk])).content.decode()


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def sent(browser: Client, route: str, pk: object, **given: str) -> str:
    answer = browser.post(reverse(route, args=[pk]), given, follow=True)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def test_one_proposes_and_another_one_confirms(
    adam: Client, beate: Client, tessa: Client, candidate: ModelVersion
) -> None:
    before = page(adam, candidate)
    assert "Propose that it serves" in before and "Let it serve" not in before
    after = sent(adam, "model_propose", candidate.pk, **GIVEN)
    assert "It serves as soon as another administrator confirms it." in after
    assert "Another administrator confirms it: Beate Uwera." in after
    assert "Take the proposal back" in after and "Confirm: let it serve" not in after
    theirs = page(beate, candidate)
    assert "Adam proposed that it serves: Better on every class" in text(theirs)
    assert "Although not every gate was reached: A trial" in text(theirs)
    assert "Better on every class" not in page(tessa, candidate)
    pk = Proposal.objects.get().pk
    assert "two serves from now on." in sent(beate, "proposal_confirm", pk)
    log = tessa.get(reverse("model_log")).content.decode()
    assert "proposed by Adam, confirmed by Beate Uwera" in text(log)


def test_a_declined_proposal_says_by_whom_and_why(
    adam: Client, beate: Client, candidate: ModelVersion
) -> None:
    sent(adam, "model_propose", candidate.pk, **GIVEN)
    pk = Proposal.objects.get().pk
    declined = sent(beate, "proposal_decline", pk, reason="Its card says too little")
    assert "The proposal is declined. The version stays a candidate." in declined
    shown = page(adam, candidate)
    assert "Declined by Beate Uwera: Its card says too little" in text(shown)
    assert "Propose that it serves" in shown


def test_a_proposal_that_holds_no_more_says_why(
    adam: Client, beate: Client, candidate: ModelVersion
) -> None:
    sent(adam, "model_propose", candidate.pk, **GIVEN)
    judging.evaluation(candidate)
    shown = page(beate, candidate)
    assert "It holds no more: the version was judged anew since. Look again." in shown
    assert "Confirm: let it serve" not in shown and "Propose that it serves" in shown
    late = beate.post(reverse("proposal_confirm", args=[Proposal.objects.get().pk]))
    assert late.status_code == 409
    assert "Propose that it serves" in late.content.decode(), "it is the version's page"
    assert "What this proposal rests on has changed." in late.content.decode()


def test_without_another_administrator_the_page_says_so(
    adam: Client, candidate: ModelVersion
) -> None:
    shown = sent(adam, "model_propose", candidate.pk, **GIVEN)
    assert "Nobody else runs this installation." in shown


def test_it_is_chosen_with_the_gates(adam: Client) -> None:
    given = gate_limits(gate_policy()) | {"two_people": "on", "why": "Nobody alone"}
    shown = adam.post(reverse("gates"), given, follow=True).content.decode()
    assert gate_policy().two_people
    assert "another one confirms: no → yes Nobody alone Adam" in text(shown)


def test_who_proposed_it_is_not_asked_again_on_the_training_page(
    adam: Client, beate: Client, candidate: ModelVersion
) -> None:
    sent(adam, "model_propose", candidate.pk, **GIVEN)
    assert "Take the proposal back" in adam.get(reverse("training")).content.decode()
    assert "Confirm: let it serve" in beate.get(reverse("training")).content.decode()
