"""Which tests run: `--full` adds the long ones; without Chromium the browser's are skipped."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from deploy.local.system import chromium


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--full` and `--bad-input-table`."""
    parser.addoption("--full", action="store_true", help="run the tests marked long as well")
    parser.addoption("--bad-input-table", metavar="FILE", help="write what ran of the bad input")


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
    _tell_of_bad_input(terminalreporter)


def _tell_of_bad_input(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much of the bad-input table ran, where any of it did."""
    outcomes = {
        report.nodeid: "passed" if outcome == "passed" else "failed"
        for outcome in ("passed", "failed", "error")
        for report in terminalreporter.getreports(outcome)
    }
    if not any("/doors/" in name for name in outcomes):
        return
    from tests.corpus_ran import ran, sentence, table

    found = ran(outcomes)
    terminalreporter.write_line(f"bad input: {sentence(found)}")
    if path := terminalreporter.config.getoption("--bad-input-table"):
        Path(path).write_text(table(found))


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
