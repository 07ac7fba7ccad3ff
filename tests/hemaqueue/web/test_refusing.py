"""What is refused about a version is said on its page, and the form keeps what was written."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hemaqueue.evaluations.models import GatePolicy, Proposal
from hemaqueue.registry.deciding import model_promote, model_reject
from hemaqueue.registry.models import ModelStatus, ModelVersion
from tests import factories, judging
from tests.people import another_administrator


@pytest.fixture
def candidate(db: None) -> ModelVersion:
    judging.evaluation(factories.ModelVersionFactory())
    version = factories.ModelVersionFactory(name="two", status=ModelStatus.CANDIDATE)
    judging.evaluation(version, ece=0.2, robustness={"blur": [{"accuracy": 0.8}]})
    return version


def sent(browser: Client, route: str, version: ModelVersion, **given: str) -> HttpResponse:
    return browser.post(reverse(route, args=[version.pk]), given)  # type: ignore[return-value]


def text(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def kept(answer: HttpResponse, field: str) -> str:
    """Return what stands in a form's field."""
    found = re.search(rf'id="{field}"[^>]* value="([^"]*)"', answer.content.decode())
    return found[1] if found else ""


def test_gates_that_are_not_reached_are_named_beside_the_form(
    adam: Client, candidate: ModelVersion
) -> None:
    refused = sent(adam, "model_promote", candidate, reason="Better on <b>", override=" ")
    assert refused.status_code == 409
    said = text(refused)
    for words in (
        "Say why this version serves all the same, or reject it.",
        "Calibration error: 0.200, at most 0.050",
        "Lowest accuracy under a mild disturbance (Blur): 80.0 %, at least 85.0 %",
        "Model card: incomplete, has to be complete",
        "Shall it serve?",
    ):
        assert words in said, words
    assert "Macro F1: " not in said, "it was reached"
    assert kept(refused, f"reason-{candidate.pk}") == "Better on &lt;b&gt;"
    assert kept(refused, f"reject-{candidate.pk}") == ""


def test_a_gate_without_a_figure_says_so(adam: Client, candidate: ModelVersion) -> None:
    judging.evaluation(candidate, data_digest="e" * 64, robustness=None)
    said = text(sent(adam, "model_promote", candidate, reason="Better"))
    assert "Lowest accuracy under a mild disturbance: no figure, at least 85.0 %" in said
    assert "Macro F1: 0.950, nothing to compare with" in said


def test_each_form_keeps_its_own_words(adam: Client, candidate: ModelVersion) -> None:
    unexplained = sent(adam, "model_promote", candidate, reason=" ", override="A trial")
    assert unexplained.status_code == 422
    assert "Say why this version shall serve." in text(unexplained)
    assert kept(unexplained, f"override-{candidate.pk}") == "A trial"
    rejected = sent(adam, "model_reject", candidate, reason="  ")
    assert rejected.status_code == 422
    assert "Say why this version shall not serve." in text(rejected)
    assert kept(rejected, f"reject-{candidate.pk}") == "  "
    assert kept(rejected, f"reason-{candidate.pk}") == ""


def test_where_two_decide_the_words_stand_in_the_form_that_proposes(
    adam: Client, candidate: ModelVersion
) -> None:
    GatePolicy.objects.create(two_people=True, reason="Nobody alone", by=factories.adam())
    alone = sent(adam, "model_promote", candidate, reason="Better", override="A trial")
    assert "Propose it; another one confirms." in text(alone)
    assert reverse("model_propose", args=[candidate.pk]) in alone.content.decode()
    assert kept(alone, f"reason-{candidate.pk}") == "Better"
    blocked = sent(adam, "model_propose", candidate, reason="Better")
    assert "Calibration error: 0.200, at most 0.050" in text(blocked)
    assert kept(blocked, f"reason-{candidate.pk}") == "Better"


def test_a_proposal_keeps_its_page(adam: Client, candidate: ModelVersion) -> None:
    GatePolicy.objects.create(two_people=True, reason="Nobody alone", by=factories.adam())
    another_administrator()
    sent(adam, "model_propose", candidate, reason="Better", override="A trial")
    pk = Proposal.objects.get().pk
    own = adam.post(reverse("proposal_confirm", args=[pk]))
    assert own.status_code == 409
    assert "You proposed it yourself. Another administrator confirms it." in text(own)
    empty = adam.post(reverse("proposal_decline", args=[pk]), {"reason": " "})
    assert empty.status_code == 422
    assert "Take the proposal back" in text(empty)
    assert kept(empty, f"reason-{candidate.pk}") == " "


def test_going_back_keeps_its_page(adam: Client, candidate: ModelVersion) -> None:
    former = ModelVersion.objects.get(status=ModelStatus.SERVING)
    model_promote(candidate, by=factories.adam(), reason="Better")
    refused = sent(adam, "model_promote", former, reason=" ")
    assert refused.status_code == 422
    assert "Say why this version shall serve." in text(refused)
    assert "Go back to it" in text(refused)


@pytest.mark.parametrize("decided", [model_promote, model_reject])
def test_what_was_decided_in_the_meantime_is_said_where_no_form_is_left(
    adam: Client, candidate: ModelVersion, decided: object
) -> None:
    decided(candidate, by=factories.adam(), reason="First")  # type: ignore[operator]
    late = sent(adam, "model_promote", candidate, reason="Better", override="A trial")
    assert late.status_code == 409
    assert re.search(r"This version (serves already|was rejected)\.", text(late))
    assert "Shall it serve?" not in text(late)


def test_a_card_with_a_text_left_out_keeps_the_others(
    adam: Client, candidate: ModelVersion
) -> None:
    refused = sent(adam, "model_card", candidate, summary="It names four classes")
    assert refused.status_code == 422
    said = refused.content.decode()
    assert "It names four classes</textarea>" in said
    assert said.count("This field is required.") == 3


def test_thresholds_that_are_refused_stay_in_their_form(
    adam: Client, candidate: ModelVersion
) -> None:
    evaluation = judging.evaluation(candidate)
    address = reverse("evaluation_point", args=[evaluation.pk])
    given = {"decision": "0.5", "abstain": "0.6", "reason": "Fewer misses"}
    adam.post(address, given)
    again = adam.post(address, given | {"reason": "Once more"})
    assert again.status_code == 422
    said = again.content.decode()
    assert "These thresholds hold already. Nothing was changed." in said
    assert 'value="Once more"' in said
