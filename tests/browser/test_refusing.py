"""A refused promotion is read where it was asked for, and goes on from there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from hemaqueue.evaluations.policy import gate_policy_change
from hemaqueue.registry.cards import card_write
from hemaqueue.registry.models import ModelStatus
from tests import factories, judging
from tests.browser.conftest import SignIn
from tests.browser.test_accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXTS = {"summary": "a", "intended_use": "b", "warnings": "c", "known_failures": "d"}


@pytest.mark.parametrize("width", [390, 1280])
def test_gates_that_changed_meanwhile_are_named_in_sight_of_the_form(
    sign_in: SignIn, width: int
) -> None:
    adam = factories.adam()
    judging.evaluation(factories.ModelVersionFactory())
    version = factories.ModelVersionFactory(name="two", status=ModelStatus.CANDIDATE)
    judging.evaluation(version, judging.some_rows(wrong=2))
    card_write(version, texts=TEXTS, by=adam)
    page = sign_in(adam, width=width)
    page.goto(f"/models/{version.pk}/")
    gate_policy_change({"least_images": 500}, reason="More images", by=adam)
    page.get_by_label("Reason").fill("Better on every class")
    page.get_by_role("button", name="Let it serve").click()
    refused = page.get_by_role("alert")
    expect(refused).to_contain_text("Images it was judged on: 60, at least 500")
    expect(refused).to_be_in_viewport()
    why = page.get_by_label("Why it serves although not every gate is reached")
    expect(why).to_be_focused()
    expect(page.get_by_label("Reason")).to_have_value("Better on every class")
    assert violations(page) == []
    why.fill("A trial")
    page.get_by_role("button", name="Let it serve").click()
    expect(page.get_by_text("two serves from now on.")).to_be_visible()
