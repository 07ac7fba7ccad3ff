"""Saying why a picture was named wrongly: by keyboard, on a phone, without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from hemaqueue.evaluations.models import ErrorReading, Evaluation
from tests import factories, judging
from tests.browser.conftest import SignIn
from tests.browser.test_accessibility import faults_of, faults_of_focus

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def judged(transactional_db: None) -> Evaluation:
    found = [factories.image() for _ in range(3)]
    rows = [judging.row(one.sha256, "pre_b", "benign") for one in found]
    return judging.evaluation(factories.ModelVersionFactory(), rows)


def opened(page: Page, judged: Evaluation) -> None:
    page.goto(f"/evaluations/{judged.pk}/pictures/")
    page.locator("details.fold summary").first.focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
def test_a_reason_is_given_by_keyboard(sign_in: SignIn, judged: Evaluation, scripts: bool) -> None:
    page = sign_in(factories.adam(), java_script_enabled=scripts)
    opened(page, judged)
    for key in ("Tab", "Tab", "Space", "Enter"):  # the second reason; Enter keeps it
        page.keyboard.press(key)
    expect(page.get_by_text("Kept, with your name.")).to_be_visible()
    assert page.url.endswith(f"#picture-{ErrorReading.objects.get().picture_id}")
    expect(page.locator("li:target")).to_contain_text("Poor focus")
    page.get_by_role("link", name="Poor focus 1").click()
    expect(page.locator(".judged li")).to_have_count(1)


def test_the_form_is_for_everybody(sign_in: SignIn, judged: Evaluation) -> None:
    page = sign_in(factories.adam(), reduced_motion="reduce")
    opened(page, judged)
    assert [*faults_of_focus(page), *faults_of(page)] == []
    page.set_viewport_size({"width": 390, "height": 900})
    boxes = page.locator("details[open] .check").all()
    assert {round(one.bounding_box()["height"]) >= 44 for one in boxes} == {True}  # type: ignore[index]
