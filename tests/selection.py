"""Which tests run: `--full` adds the long ones; without Chromium the browser's are skipped."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from deploy.local.system import chromium


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--full`."""
    parser.addoption("--full", action="store_true", help="run the tests marked long as well")


def pytest_report_header() -> str:
    """Say whether the browser tests can run."""
    return f"browser: {chromium() or 'none, the browser tests are SKIPPED'}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what cannot run here or was not asked for, with the reason."""
    no_browser = pytest.mark.skip(reason="no Chromium on this machine: apt-get install chromium")
    too_long = pytest.mark.skip(reason="long: ./hemaqueue test --full runs it")
    for item in items:
        if item.get_closest_marker("browser") and chromium() is None:
            item.add_marker(no_browser)
        if item.get_closest_marker("long") and not config.getoption("--full"):
            item.add_marker(too_long)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests measured, by `record_property`."""
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    for report in reports:
        if measured := [f"{name} {value}" for name, value in report.user_properties]:
            terminalreporter.write_line(f"{report.nodeid}: {', '.join(measured)}")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium that browser tests start; they are skipped where there is none."""
    found = chromium()
    if found is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    return found


@pytest.fixture(scope="session")
def chromium_of_this_run(chromium_path: str) -> Iterator[Browser]:
    """One Chromium for all tests. Playwright runs an event loop that Django must tolerate."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
