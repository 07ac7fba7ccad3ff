"""A hospital that runs: real processes and servers, people in real browsers, smears of its own.

One system serves all scripts of a run. Each script opens cases of its own, so that none depends
on another.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from deploy.local.supervisor import Supervisor
from tests.acceptance.hospital import Hospital
from tests.stack import running_stack

PATIENCE_MS = 15_000

OpenWindow = Callable[..., Page]


@pytest.fixture(scope="session")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    folder = tmp_path_factory.mktemp("hospital")
    with running_stack(folder, silence_seconds=5) as stack:
        over = threading.Event()
        keeper = threading.Thread(target=_keep, args=(stack.installation.supervisor, over))
        keeper.start()
        made = Hospital(stack, smears=folder / "smears", numbers=itertools.count(1))
        yield made
        made.client.close()
        over.set()
        keeper.join()


def _keep(supervisor: Supervisor, over: threading.Event) -> None:
    """Restart what dies, as the launcher does, while scripts wait for their browsers."""
    while not over.is_set():
        supervisor.watch()
        time.sleep(0.1)


@pytest.fixture
def window(hospital: Hospital, chromium_of_this_run: Browser) -> Iterator[OpenWindow]:
    """Return a function that opens a window in which one of the demo's people has signed in."""
    contexts: list[BrowserContext] = []

    def opened(name: str, *, width: int = 1440, height: int = 900, zoom: float = 1) -> Page:
        context = chromium_of_this_run.new_context(
            base_url=hospital.url,
            viewport={"width": round(width / zoom), "height": round(height / zoom)},
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.goto("/account/login/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(hospital.password_of(name))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda address: "/login/" not in address)
        if (read := page.get_by_role("button", name="I have read this")).is_visible():
            read.click()
            page.wait_for_load_state()
        return page

    yield opened
    for context in contexts:
        context.close()
