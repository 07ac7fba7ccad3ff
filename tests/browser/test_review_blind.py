"""The blind first read and located cells, in a browser."""

from __future__ import annotations

import pytest
from django.db.models.functions import Now
from playwright.sync_api import Page, expect

from hemaqueue.jobs.models import Job
from hemaqueue.reviews.models import ConfirmedLabel, FirstRead, LocatedCell
from hemaqueue.reviews.proposed_cells import cells_propose
from hemaqueue.specimens.models import SmearImage
from jobcontract.locating import FoundCell
from jobcontract.names import Work
from tests import factories, readings
from tests.browser.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def image(transactional_db: None) -> SmearImage:
    made = factories.image()
    factories.prediction(made, flags=("uncertain",))
    return made


def opened(page: Page, image: SmearImage) -> Page:
    page.goto(f"/images/{image.pk}/")
    return page


def test_nothing_of_the_suggestion_is_in_the_source_before_the_first_read(
    sign_in: SignIn, image: SmearImage
) -> None:
    readings.reads_blind(image.site)
    page = opened(sign_in(factories.clara()), image)
    source = page.content()
    for told in ("0.91", "scorebar", "data-heat", 'data-corrects="yes"', "Read it.", "data-agree"):
        assert told not in source, told
    assert page.request.get(f"/images/{image.pk}/heatmap.png").status == 409
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your first read:")).to_be_visible()
    expect(page.locator(".scorebar").first).to_be_visible()
    expect(page.locator('input[name="choice"]:checked')).to_have_count(0)
    assert FirstRead.objects.get().label == "pro_b"
    assert not ConfirmedLabel.objects.exists()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Recorded: Early Pre-B.")).to_be_visible()
    assert ConfirmedLabel.objects.get().label == "early_pre_b"


def test_cells_are_drawn_moved_and_taken_away(sign_in: SignIn, image: SmearImage) -> None:
    page = opened(sign_in(factories.clara()), image)
    page.keyboard.press("b")
    place = page.locator("[data-viewer]").bounding_box()
    assert place is not None
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(x - 40, y - 40)
    page.mouse.down()
    page.mouse.move(x + 40, y + 40, steps=4)
    page.mouse.up()
    row = page.locator("[data-cell]")
    expect(row).to_have_count(1)
    drawn = LocatedCell.objects.get()
    assert abs(drawn.left + drawn.width / 2 - 0.5) < 0.02
    row.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator('[data-cell-form] input[name="version"]')).to_have_value("2")
    moved = LocatedCell.objects.get()
    assert moved.left == pytest.approx(drawn.left + 0.005, abs=1e-4)
    row.get_by_label("Class of this cell").select_option("pro_b")
    expect(page.locator('[data-cell-form] input[name="version"]')).to_have_value("3")
    assert LocatedCell.objects.get().label == "pro_b"
    row.get_by_role("button", name="Take this cell away").click()
    expect(row).to_have_count(0)
    assert LocatedCell.objects.get().removed_at is not None


def test_proposed_cells_are_cut_out_and_named_at_once(sign_in: SignIn, image: SmearImage) -> None:
    page = opened(sign_in(factories.clara()), image)
    page.locator("[data-cells-fold] > summary").click()
    page.get_by_role("button", name="Find white cells").click()
    expect(page.get_by_text("Looking for white cells")).to_be_visible()
    box = {"width": 0.2, "height": 0.2, "area": 0.02, "nucleus_share": 0.7, "roundness": 0.8}
    cells_propose(image, [FoundCell(left=at, top=0.3, **box) for at in (0.1, 0.6)])
    Job.objects.filter(work=Work.LOCATE_CELLS).update(state="succeeded", finished_at=Now())
    expect(page.get_by_text("2 white cells are proposed")).to_be_visible()
    expect(page.locator(".boxes .proposed")).to_have_count(2)
    expect(page.locator("#cells .cut image")).to_have_count(2)
    expect(page.locator("[data-cells-count]")).to_have_text("2")
    page.get_by_label("Class of all that are proposed").select_option("pro_b")
    page.get_by_role("button", name="Name all").click()
    expect(page.locator(".boxes .proposed")).to_have_count(0)
    assert {one.label for one in LocatedCell.objects.all()} == {"pro_b"}


def test_cells_and_undo_work_without_javascript(sign_in: SignIn, image: SmearImage) -> None:
    page = opened(sign_in(factories.clara(), java_script_enabled=False), image)
    page.locator("[data-cells-fold] > summary").click()
    page.get_by_text("Add a cell by numbers").click()
    page.get_by_role("button", name="Add a cell", exact=True).click()
    expect(page.locator("[data-cell]")).to_have_count(1)
    page.get_by_role("radio", name="Early Pre-B").check(force=True)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Confirm")).to_be_visible()
    assert ConfirmedLabel.objects.get().withdrawn_at is not None
