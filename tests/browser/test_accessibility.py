"""Every page for everybody: axe-core's rules (WCAG 2.1 A and AA), phones, zoom, the keyboard.

The pages come from the access table, so that a new one is looked at without being named here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests import factories
from tests.browser.conftest import SignIn
from tests.browser.pages import addresses
from tests.hemaqueue.access.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text()
RUN = "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
GRAVE = ("serious", "critical")
PEOPLE = {"technician": "tessa", "clinician": "clara", "administrator": "adam"}
LOOKED_AT = (1280, 360)
WIDTHS = (*LOOKED_AT, 320)  # 320: a window of 1280 pixels at 400 %

#: What can be focused but shows no sign of it: an outline, or a shadow in its place.
UNSEEN_FOCUS = """() => [
    ...document.querySelectorAll("a[href], button, input, select, textarea, summary")
  ].filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.disabled)
  .filter((one) => {
    one.focus({focusVisible: true});
    if (document.activeElement !== one) return false;
    const look = getComputedStyle(one);
    const outlined = look.outlineStyle !== "none" && look.outlineWidth !== "0px";
    return !outlined && look.boxShadow === "none";
  }).map((one) => one.outerHTML.slice(0, 100))"""
#: What has to be moved sideways to be read, though the page itself fits. A film strip may.
SIDEWAYS = """() => [...document.querySelectorAll("main *")]
  .filter((one) => ["auto", "scroll"].includes(getComputedStyle(one).overflowX))
  .filter((one) => one.checkVisibility() && !one.matches("input, textarea, select, .strip"))
  .filter((one) => one.scrollWidth > one.clientWidth + 1)
  .map((one) => `${one.scrollWidth - one.clientWidth} px: ${one.outerHTML.slice(0, 100)}`)"""
OVERHANG = "() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"


@pytest.fixture
def world(transactional_db: None) -> World:
    return World()


def violations(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical, each with the first place."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(RUN)["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['target']} {one['nodes'][0].get('failureSummary', '')}"
        for one in found
        if one["impact"] in GRAVE
    ]


def listened(page: Page) -> list[str]:
    """Return a list that fills with what the console complains about and who else is asked."""
    heard: list[str] = []
    host = urlsplit(page.url).netloc
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            heard.append(asked.url) if urlsplit(asked.url).netloc not in (host, "") else None
        ),
    )
    return heard


@pytest.mark.parametrize("role", PEOPLE)
def test_every_page_is_for_everybody(role: str, sign_in: SignIn, world: World) -> None:
    page = sign_in(world.people[role], reduced_motion="reduce")
    heard = listened(page)
    faults = {}
    for address in addresses(world, role=role, page=page):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        page.goto(address)
        if found := [*faults_of_focus(page), *faults_of(page)]:
            faults[address] = found
    assert faults == {}
    assert heard == []


def faults_of_focus(page: Page) -> list[str]:
    return [f"focus is not seen: {one}" for one in page.evaluate(UNSEEN_FOCUS)]


def faults_of(page: Page) -> list[str]:
    """Return what is wrong with a page, on a desk and on a phone, by day and by night."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if overhang := page.evaluate(OVERHANG):
            found.append(f"{overhang} px wider than {width}")
        found += [f"{width}: sideways by {one}" for one in page.evaluate(SIDEWAYS)]
        for theme in ("light", "dark") if width in LOOKED_AT else ():
            page.emulate_media(color_scheme=theme)
            found += [f"{width} {theme}: {one}" for one in violations(page)]
    return found


def test_the_entrance_is_for_everybody(sign_in: SignIn) -> None:
    nina = factories.person("nina", "technician", acknowledged_use="")
    page = sign_in(nina, following="/account/use/")
    assert violations(page) == []
    page.get_by_role("button", name="I have read this").click()
    page.goto("/nothing/")
    assert violations(page) == []
    page.context.clear_cookies()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.goto("/account/login/")
        assert violations(page) == []
