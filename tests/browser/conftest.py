"""Chromium, signed in as one of the four people, against a live server with a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from hemaqueue.accounts.models import User
from tests import factories

SignIn = Callable[..., Page]


END_OF_CONNECTIONS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture(scope="session")
def server_connections(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """End what the live server's threads hold open, so that the database can be dropped."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(END_OF_CONNECTIONS)
        connection.close()


@pytest.fixture(scope="session")
def chromium(chromium_of_this_run: Browser, server_connections: None) -> Browser:
    return chromium_of_this_run


@pytest.fixture
def sign_in(chromium: Browser, live_server: LiveServer) -> Iterator[SignIn]:
    """Return a function that opens a window in which a person is signed in by the real form."""
    contexts: list[BrowserContext] = []

    def opened(user: User, *, width: int = 1280, following: str = "/", **options: object) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            base_url=live_server.url,
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.goto("/account/login/")
        page.get_by_label("Username").fill(user.username)
        page.get_by_label("Password").fill(factories.PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: url.startswith(live_server.url + following))
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    """Three pictures and a letter that only calls itself one."""
    made = []
    for seed in (101, 102, 103):
        path = tmp_path / f"field-{seed}.png"
        path.write_bytes(factories.picture_file(seed))
        made.append(path)
    letter = tmp_path / "letter.png"
    letter.write_bytes(b"%PDF-1.4 " + bytes(200))
    return [*made, letter]
