"""More than one reader: the gallery, a second opinion that differs, and an image sent back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from hemaqueue.predictions.models import Prediction
from hemaqueue.reviews.models import ConfirmedLabel, Decision, Origin, Review
from hemaqueue.reviews.services import reviews_open
from hemaqueue.specimens.models import SmearImage
from tests import factories, readings
from tests.browser.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SURE = {"benign": 0.99, "early_pre_b": 0.01, "pre_b": 0.0, "pro_b": 0.0}


def clear_image() -> SmearImage:
    """Return the image of a case in the clear lane; a case drawn for the audit is not taken."""
    while True:
        image = factories.image()
        factories.prediction(image, scores=SURE)
        reviews_open([image.case])
        if Review.objects.get(case=image.case).lane == "clear":
            return image


def turn_strange(image: SmearImage) -> None:
    """Have another version say that the image is unlike those it learned from."""
    Prediction.objects.create(
        image=image, model=factories.ModelVersionFactory(name="another", status="retired"),
        job=factories.job(about=image, state="succeeded"), label="benign", confidence=0.99,
        malignant=0.01, flags=["out_of_distribution"],
    )  # fmt: skip


def test_what_turned_strange_since_the_page_was_made_is_not_confirmed(sign_in: SignIn) -> None:
    calm, strange = clear_image(), clear_image()
    page = sign_in(factories.clara())
    page.goto("/worklist/gallery/?lane=clear")
    page.get_by_role("button", name="Choose all on this screen").click()
    expect(page.get_by_text("2 chosen")).to_be_visible()
    turn_strange(strange)
    page.get_by_label("Your password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Confirm what is chosen").click()
    expect(page.get_by_text("1 image confirmed.")).to_be_visible()
    expect(page.get_by_text("1 not confirmed, to be opened one by one")).to_be_visible()
    label = ConfirmedLabel.objects.get()
    assert (label.image, label.origin) == (calm, Origin.BULK)
    assert not Decision.objects.filter(image=strange).exists()


def test_two_readers_differ_and_one_settles_it(sign_in: SignIn) -> None:
    clara, carl = factories.clara(), factories.person("carl", "clinician")
    case = readings.case_ready(by=clara)
    image = case.images.get()
    asks = sign_in(clara)
    asks.goto(f"/cases/{case.pk}/refer/")
    asks.get_by_label("Colleague", exact=True).select_option("carl")
    asks.get_by_label("What should they look at?").fill("Are these blasts?")
    asks.get_by_role("button", name="Ask").click()
    answers = sign_in(carl)
    answers.goto(f"/images/{image.pk}/")
    answers.keyboard.press("4")
    answers.get_by_label("Why it differs from the suggestion").select_option("morphology")
    with answers.expect_response("**/decide/"):
        answers.get_by_role("button", name="Confirm").click()
    asks.goto(f"/cases/{case.pk}/")
    asks.get_by_role("link", name="readers disagree about image 1").click()
    expect(asks.get_by_text("Carl").first).to_be_visible()
    asks.get_by_role("radio", name="Pro-B").check(force=True)
    asks.get_by_label("Why you settle it so").select_option("morphology")
    asks.get_by_role("button", name="Settle").click()
    expect(asks.get_by_text("It is settled.")).to_be_visible()
    expect(asks.get_by_role("link", name="Sign case…")).to_be_visible()
    assert Decision.objects.filter(image=image).count() == 3


def test_an_image_goes_to_the_bench_and_a_better_one_comes(
    sign_in: SignIn, pictures: list[Path]
) -> None:
    clara, tessa = factories.clara(), factories.tessa()
    image = factories.image()
    factories.prediction(image)
    reads = sign_in(clara)
    reads.goto(f"/images/{image.pk}/")
    reads.get_by_role("link", name="Return to bench").click()
    reads.get_by_label("Why it goes back").select_option("poor_focus")
    reads.get_by_label("Note to the bench").fill("Only the edge is sharp")
    reads.get_by_role("button", name="Send back").click()
    sends = sign_in(tessa)
    expect(sends.get_by_text("Only the edge is sharp")).to_be_visible()
    sends.get_by_role("region", name="Returned to you").get_by_role("link").first.click()
    sends.locator('input[type="file"]').set_input_files(pictures[0])
    sends.get_by_role("button", name="Answer").click()
    expect(sends.get_by_text("is told.")).to_be_visible()
    image.refresh_from_db()
    assert image.withdrawn_at is not None
    assert image.returns.get().replacement.case == image.case
    assert Review.objects.get(case=image.case).claimed_by == clara
