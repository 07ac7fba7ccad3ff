"""The frame of every page: phones, keyboards, themes, and a console without complaints."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from hemaqueue.specimens.models import SmearImage
from tests import factories
from tests.browser.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def image(transactional_db: None) -> SmearImage:
    """An image with flags, in a case with another one that waits, all in a batch."""
    batch = factories.BatchFactory()
    made = factories.image(batch=batch, filename="a rather long name of a file 0001.png")
    factories.prediction(made, flags=("uncertain", "out_of_distribution"))
    factories.job(about=factories.image(case=made.case, batch=batch))
    return made


def addresses(image: SmearImage) -> list[str]:
    assert image.batch is not None
    return [
        "/", "/worklist/", "/history/", "/upload/", "/models/", "/status/", "/account/tokens/",
        "/account/password/change/", f"/images/{image.pk}/?heatmap=1", f"/cases/{image.case_id}/",
        f"/cases/{image.case_id}/share/", f"/batches/{image.batch.pk}/",
        f"/batches/{image.batch.pk}/add/",
    ]  # fmt: skip


def listened(page: Page) -> list[str]:
    """Return a list that fills with what the console and the network complain about."""
    heard: list[str] = []
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    host = urlsplit(page.url).netloc
    page.on(
        "request",
        lambda asked: (
            heard.append(asked.url) if urlsplit(asked.url).netloc not in (host, "") else None
        ),
    )
    return heard


def test_no_page_complains_or_asks_another_host(sign_in: SignIn, image: SmearImage) -> None:
    page = sign_in(factories.clara())
    heard = listened(page)
    for address in addresses(image):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        page.wait_for_load_state("networkidle")
    assert heard == []


@pytest.mark.parametrize("width", [360, 768])
def test_no_page_is_wider_than_its_screen(width: int, sign_in: SignIn, image: SmearImage) -> None:
    page = sign_in(factories.clara(), width=width)
    wide = []
    for address in addresses(image):
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(address)
    assert wide == []


def test_a_phone_reaches_every_place_by_the_menu(sign_in: SignIn, image: SmearImage) -> None:
    page = sign_in(factories.clara(), width=390)
    page.get_by_role("button", name="Menu").click()
    page.locator("#places").get_by_role("link", name="Worklist").click()
    expect(page.get_by_role("heading", name="Worklist")).to_be_visible()


def test_the_first_key_of_a_keyboard_leads_past_the_frame(
    sign_in: SignIn, image: SmearImage
) -> None:
    page = sign_in(factories.clara())
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_theme_follows_the_browser_until_somebody_chooses(
    sign_in: SignIn, image: SmearImage
) -> None:
    page = sign_in(factories.clara(), color_scheme="dark")
    root = page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="Light or dark").click()
    expect(root).to_have_attribute("data-bs-theme", "light")
    page.goto("/history/")
    expect(root).to_have_attribute("data-bs-theme", "light")


def test_signing_out_is_in_the_account_menu(sign_in: SignIn, image: SmearImage) -> None:
    page = sign_in(factories.clara())
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_every_field_and_picture_has_a_name(sign_in: SignIn, image: SmearImage) -> None:
    page = sign_in(factories.clara())
    unnamed = """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
      .filter((field) => !field.labels.length && !field.getAttribute("aria-label"))
      .map((field) => field.outerHTML.slice(0, 80))
      .concat([...document.querySelectorAll("img:not([alt])")].map((img) => img.src))"""
    for address in addresses(image):
        page.goto(address)
        assert page.evaluate(unnamed) == [], address
        assert page.locator("h1").count() == 1, address
