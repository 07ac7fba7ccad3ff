"""Reading a result as a clinician does: heatmap, zoom, decision, all from the keyboard."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from hemaqueue.predictions.models import Heatmap
from hemaqueue.reviews.claims import case_take_over
from hemaqueue.reviews.models import ConfirmedLabel
from hemaqueue.specimens.models import SmearImage
from tests import factories, readings
from tests.browser.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def image(transactional_db: None) -> SmearImage:
    made = factories.image()
    factories.prediction(made)
    return made


def opened(page: Page, image: SmearImage) -> Page:
    page.goto(f"/images/{image.pk}/")
    return page


def test_the_heatmap_is_off_and_one_key_away(sign_in: SignIn, image: SmearImage) -> None:
    page = opened(sign_in(factories.clara()), image)
    heat, switch = page.locator("[data-heat]"), page.locator("[data-heat-switch]")
    expect(heat).to_be_hidden()
    page.keyboard.press("h")
    expect(heat).to_be_visible()
    expect(switch).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("It is not a cell detection")).to_be_visible()
    page.keyboard.press("]")
    expect(heat).to_have_css("opacity", "0.7")
    page.keyboard.press("h")
    expect(heat).to_be_hidden()


def test_the_picture_zooms_by_keys_and_fits_again(sign_in: SignIn, image: SmearImage) -> None:
    page = opened(sign_in(factories.clara()), image)
    layers = page.locator(".viewer .layers")
    page.keyboard.press("+")
    expect(layers).to_have_css("transform", re.compile(r"matrix\(1\.25, 0, 0, 1\.25"))
    page.keyboard.press("f")
    expect(layers).to_have_css("transform", "matrix(1, 0, 0, 1, 0, 0)")


def test_a_click_on_a_tool_is_enough(sign_in: SignIn, image: SmearImage) -> None:
    page = opened(sign_in(factories.clara()), image)
    page.get_by_role("button", name="Zoom in").click()
    expect(page.locator(".viewer .layers")).to_have_css("transform", re.compile("1.25"))
    page.get_by_role("button", name="Heatmap").click()
    expect(page.locator("[data-heat]")).to_be_visible()


def test_keys_are_quiet_while_somebody_writes(sign_in: SignIn, image: SmearImage) -> None:
    page = opened(sign_in(factories.clara()), image)
    page.get_by_label("Note").fill("")
    page.get_by_label("Note").press_sequentially("h1 uxa")
    expect(page.locator("[data-heat]")).to_be_hidden()
    expect(page.locator('input[name="choice"]:checked')).to_have_count(0)


def test_two_keys_confirm_never_one(sign_in: SignIn, image: SmearImage) -> None:
    page = opened(sign_in(factories.clara()), image)
    expect(page.get_by_role("button", name="Confirm")).to_be_disabled()
    page.keyboard.press("Enter")
    assert not ConfirmedLabel.objects.exists()
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Recorded: Early Pre-B.")).to_be_visible()
    assert ConfirmedLabel.objects.get().label == "early_pre_b"


def test_a_correction_asks_for_its_reason(sign_in: SignIn, image: SmearImage) -> None:
    page = opened(sign_in(factories.clara()), image)
    reason = page.get_by_label("Why it differs from the suggestion")
    expect(reason).to_be_hidden()
    page.keyboard.press("4")
    expect(reason).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Say why.")).to_be_visible()
    reason.select_option("morphology")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Recorded: Pro-B.")).to_be_visible()


def test_the_slower_of_two_readers_is_told_and_loses_nothing(
    sign_in: SignIn, image: SmearImage
) -> None:
    slow = opened(sign_in(factories.clara()), image)
    carl = factories.person("carl", "clinician", site=image.site)
    case_take_over(image.case, by=carl, reason="It is urgent.")
    readings.decision(image, by=carl)
    slow.keyboard.press("u")
    slow.get_by_label("Note").fill("two populations")
    slow.get_by_role("button", name="Confirm").click()
    expect(slow.get_by_text("Somebody decided about this image")).to_be_visible()
    expect(slow.get_by_label("Note")).to_have_value("two populations")
    expect(slow.locator('input[value="uncertain"]')).to_be_checked()


def test_deciding_works_without_javascript(sign_in: SignIn, image: SmearImage) -> None:
    page = opened(sign_in(factories.clara(), java_script_enabled=False), image)
    page.get_by_role("radio", name="Benign").check(force=True)
    page.get_by_label("Why it differs from the suggestion").select_option("poor_focus")
    page.get_by_label("Note").fill("a soft picture of mature cells")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Recorded: Benign.")).to_be_visible()


def test_the_heatmap_works_without_javascript(sign_in: SignIn, image: SmearImage) -> None:
    page = opened(sign_in(factories.clara(), java_script_enabled=False), image)
    page.get_by_role("link", name="Heatmap").click()
    expect(page.locator("[data-heat]")).to_be_visible()


def test_another_class_is_looked_at_where_the_reader_is(sign_in: SignIn, image: SmearImage) -> None:
    page = opened(sign_in(factories.clara()), image)
    page.get_by_label("Note").fill("still here")
    page.get_by_role("button", name="Where the model looked for Pro-B").click()
    expect(page.get_by_text("It appears here when it is drawn.")).to_be_visible()
    Heatmap.objects.create(
        prediction=image.predictions.get(), label="pro_b", method="gradcam", layer="last",
        rows=2, columns=2, grid=np.arange(4, dtype=np.float16).tobytes(),
    )  # fmt: skip
    expect(page.locator("[data-heat]")).to_be_visible()
    expect(page.get_by_text("looked for Pro-B (Grad-CAM, layer last)")).to_be_visible()
    expect(page.get_by_label("Note")).to_have_value("still here")
    page.get_by_role("link", name="Where the model looked for Early Pre-B").click()
    expect(page.get_by_text("looked for Early Pre-B (CAM, layer last)")).to_be_visible()
