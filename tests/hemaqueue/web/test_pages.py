"""Every page, for whom it is: it answers, it keeps to the content policy, it speaks plainly."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories

FOR_ALL = ["home", "history", "models", "status", "tokens"]
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE
)


@pytest.mark.parametrize("name", FOR_ALL)
@pytest.mark.parametrize("who", ["tessa", "clara", "adam", "otto"])
def test_a_page_for_all_answers(name: str, who: str, request: pytest.FixtureRequest) -> None:
    browser: Client = request.getfixturevalue(who)
    assert browser.get(reverse(name)).status_code == 200


@pytest.mark.parametrize(
    ("name", "who", "status"),
    [
        ("upload", "tessa", 200),
        ("upload", "clara", 200),
        ("upload", "adam", 403),
        ("worklist", "clara", 200),
        ("worklist", "tessa", 403),
        ("audit", "adam", 200),
        ("audit", "clara", 403),
        ("audit", "tessa", 403),
    ],
)
def test_a_page_answers_whom_it_is_for(
    name: str, who: str, status: int, request: pytest.FixtureRequest
) -> None:
    browser: Client = request.getfixturevalue(who)
    assert browser.get(reverse(name)).status_code == status


@pytest.mark.django_db
def test_nobody_sees_a_page_without_signing_in() -> None:
    answer = Client().get(reverse("history"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_no_page_has_inline_styles_or_scripts(clara: Client) -> None:
    image = factories.image()
    factories.prediction(image)
    pages = [
        *(reverse(name) for name in [*FOR_ALL, "upload", "worklist"]),
        reverse("image", args=[image.pk]),
        reverse("case", args=[image.case_id]),
        reverse("case_share", args=[image.case_id]),
    ]
    for page in pages:
        assert not INLINE.findall(clara.get(page).content.decode()), page


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_the_pages_before_signing_in_have_the_house_look(name: str) -> None:
    page = Client().get(reverse(name)).content.decode()
    assert "css/tokens.css" in page
    assert not INLINE.findall(page)


def test_the_navigation_names_only_what_one_may_use(tessa: Client, clara: Client) -> None:
    assert f'href="{reverse("worklist")}"' not in tessa.get("/").content.decode()
    assert f'href="{reverse("worklist")}"' in clara.get("/").content.decode()


def test_every_page_says_what_it_is_for(tessa: Client) -> None:
    page = tessa.get(reverse("history")).content.decode()
    assert "Decision support for trained staff" in page
    assert '<html lang="en"' in page
    assert 'href="#main"' in page


def test_a_demonstration_model_is_marked_in_the_frame(tessa: Client) -> None:
    factories.ModelVersionFactory()
    page = tessa.get("/").content.decode()
    assert "smearnet-synthetic-1" in page
    assert "demonstration" in page


def test_the_theme_that_was_chosen_is_there_before_the_first_paint(tessa: Client) -> None:
    tessa.cookies["theme"] = "dark"
    assert 'data-bs-theme="dark"' in tessa.get("/").content.decode()
    tessa.cookies["theme"] = '"><script>'
    assert "data-bs-theme" not in tessa.get("/").content.decode()


def test_waiting_pages_say_that_processing_is_paused(tessa: Client) -> None:
    factories.job(about=factories.image())
    page = tessa.get(reverse("upload")).content.decode()
    assert "Processing is paused, your images are safe" in page
    assert "1 waiting" in page


def test_nothing_is_called_paused_while_a_worker_is_heard(tessa: Client, worker: object) -> None:
    factories.job(about=factories.image())
    assert "Processing is paused" not in tessa.get(reverse("upload")).content.decode()
