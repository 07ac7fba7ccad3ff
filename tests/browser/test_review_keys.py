"""The review screen by keyboard: what each key does, undo, and a morning's list."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from hemaqueue.reviews.models import ConfirmedLabel, Decision, Review
from hemaqueue.specimens.models import Case, SmearImage
from tests import factories, readings
from tests.browser.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def case_of(count: int) -> list[SmearImage]:
    case: Case = factories.CaseFactory()
    images = [factories.image(case=case) for _ in range(count)]
    for image in images:
        factories.prediction(image)
    return images


def opened(page: Page, image: SmearImage) -> Page:
    page.goto(f"/images/{image.pk}/")
    return page


def settled(page: Page, image: SmearImage) -> None:
    """Wait until the page shows `image`; the strip orders a case by doubt, then as it was sent."""
    expect(page.locator("[data-screen]")).to_have_attribute("data-url", f"/images/{image.pk}/")


def test_a_decision_leads_on_and_z_takes_it_back(sign_in: SignIn) -> None:
    first, second = case_of(2)
    page = opened(sign_in(factories.clara()), first)
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    settled(page, second)
    assert page.url.endswith(f"/images/{second.pk}/")
    expect(page.get_by_text("Recorded: Early Pre-B.")).to_be_visible()
    seconds = Decision.objects.get().seconds
    assert seconds is not None
    page.keyboard.press("z")
    settled(page, first)
    expect(page.locator("[data-toast]")).to_have_count(0)
    assert not Decision.objects.exists()
    assert ConfirmedLabel.objects.get().withdrawn_at is not None


def test_undo_that_comes_too_late_says_so(sign_in: SignIn) -> None:
    first, second = case_of(2)
    page = opened(sign_in(factories.clara()), first)
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    settled(page, second)
    Review.objects.update(claimed_by=None, claimed_until=None)
    readings.decision(first, by=factories.person("carl", "clinician", site=first.site))
    page.keyboard.press("z")
    expect(page.get_by_text("This can no longer be undone.")).to_be_visible()
    assert Decision.objects.count() == 2


def test_j_and_k_lead_through_the_case_and_back(sign_in: SignIn) -> None:
    first, second = case_of(2)
    page = opened(sign_in(factories.clara()), first)
    page.keyboard.press("j")
    settled(page, second)
    page.keyboard.press("k")
    settled(page, first)
    page.go_back()
    settled(page, second)


def test_viewer_keys_and_their_buttons(sign_in: SignIn) -> None:
    first, _ = case_of(2)
    page = opened(sign_in(factories.clara()), first)
    viewer, layers = page.locator("[data-viewer]"), page.locator("[data-viewer] .layers")
    page.get_by_role("button", name="Rotate by 90 degrees").click()
    expect(layers).to_have_css("transform", re.compile(r"matrix\(0, [\d.]+, -[\d.]+, 0,"))
    page.keyboard.press("g")
    expect(page.locator("[data-second]")).to_be_visible()
    page.keyboard.press("g")
    expect(page.locator("[data-second]")).to_be_hidden()
    page.keyboard.down("o")
    expect(viewer).to_have_class(re.compile("original"))
    page.keyboard.up("o")
    expect(viewer).not_to_have_class(re.compile("original"))
    page.get_by_role("button", name="Light", exact=True).click()
    page.get_by_label("Brightness").fill("1.4")
    expect(page.locator("[data-picture]")).to_have_css("filter", "brightness(1.4) contrast(1)")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Keys")).to_be_hidden()
    page.keyboard.press("Control+h")
    page.keyboard.press("Shift+H")
    expect(page.locator("[data-heat]")).to_be_hidden()
    page.keyboard.press("Escape")
    page.wait_for_url("**/worklist/")


def test_benign_over_a_malignant_suggestion_needs_words(sign_in: SignIn) -> None:
    first, second = case_of(2)
    page = opened(sign_in(factories.clara()), first)
    page.keyboard.press("1")
    page.get_by_label("Why it differs from the suggestion").select_option("morphology")
    page.get_by_role("button", name="Confirm and next").click()
    expect(page.get_by_text("You call an image benign that was suggested")).to_be_visible()
    page.get_by_label("Note").fill("condensed chromatin, no nucleoli")
    page.get_by_role("button", name="Confirm and next").click()
    settled(page, second)
    assert Decision.objects.get().note == "condensed chromatin, no nucleoli"


def test_twenty_images_are_decided_by_keyboard_within_a_minute(sign_in: SignIn) -> None:
    images = case_of(20)
    page = opened(sign_in(factories.clara()), images[0])
    settled(page, images[0])
    swaps = []
    began = time.monotonic()
    for following in [*images[1:], None]:
        page.keyboard.press("a")
        pressed = time.monotonic()
        page.keyboard.press("Enter")
        if following is None:
            expect(page.get_by_text("20 of 20 images decided.")).to_be_visible()
        else:
            settled(page, following)
        swaps.append(time.monotonic() - pressed)
    taken = time.monotonic() - began
    assert taken < 60
    assert ConfirmedLabel.objects.filter(origin="confirmed").count() == 20


def test_the_next_picture_is_there_before_it_is_asked_for(sign_in: SignIn) -> None:
    first, second = case_of(2)
    page = sign_in(factories.clara())
    address = f"/images/{second.pk}/picture.jpg"
    with page.expect_response(lambda answer: answer.url.endswith(address)):
        opened(page, first)
    page.wait_for_function("document.querySelector('[data-picture]').complete")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    settled(page, second)
    assert page.evaluate("document.querySelector('[data-picture]').complete")
    assert not [url for url in asked if url.endswith(address)]
