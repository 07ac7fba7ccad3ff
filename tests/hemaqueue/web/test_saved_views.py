"""Filters that a person keeps: one's own, under a name, with the page they belong to."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from hemaqueue.accounts.models import SavedView, User
from hemaqueue.accounts.saved_views import AT_MOST


def keep(browser: Client, *, name: str = "Failed", query: str = "status=failed") -> object:
    values = {"page": "history", "name": name, "query": query}
    return browser.post(reverse("saved_views"), values)


def test_a_kept_filter_comes_back_without_its_place_in_the_pages(clara: Client) -> None:
    answer = keep(clara, query="status=failed&q=&after=x%3Ay")
    assert answer["Location"] == "/history/?status=failed"  # type: ignore[index]
    shown = clara.get("/history/").content.decode()
    assert "/history/?status=failed" in shown
    assert "Keep this filter" not in shown


def test_only_a_filter_that_is_not_kept_can_be_kept(clara: Client) -> None:
    assert "Keep this filter" in clara.get("/history/?q=BM").content.decode()
    keep(clara, query="q=BM")
    shown = clara.get("/history/?q=BM").content.decode()
    assert "Keep this filter" not in shown
    assert "Delete this view" in shown


def test_a_known_name_gets_the_new_filter(clara: Client) -> None:
    keep(clara)
    keep(clara, query="status=waiting")
    assert [view.query for view in SavedView.objects.all()] == ["status=waiting"]


def test_a_view_is_renamed_and_deleted(clara: Client) -> None:
    keep(clara)
    address = reverse("saved_view", args=[SavedView.objects.get().pk])
    clara.post(address, {"act": "rename", "name": "  What   failed "})
    assert SavedView.objects.get().name == "What failed"
    assert clara.post(address, {"act": "delete"})["Location"] == "/history/"
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_name_that_says_nothing_is_refused(name: str, clara: Client) -> None:
    assert keep(clara, name=name).status_code == 422  # type: ignore[attr-defined]


def test_two_views_do_not_share_a_name(clara: Client) -> None:
    keep(clara)
    keep(clara, name="Other", query="q=1")
    address = reverse("saved_view", args=[SavedView.objects.get(name="Other").pk])
    assert clara.post(address, {"name": "Failed"}).status_code == 409


def test_a_page_keeps_thirty_views(clara: Client) -> None:
    user = User.objects.get(username="clara")
    SavedView.objects.bulk_create(
        SavedView(user=user, page="history", name=f"{n}", query=f"q={n}") for n in range(AT_MOST)
    )
    assert keep(clara).status_code == 409  # type: ignore[attr-defined]
    assert keep(clara, name="3").status_code == 302  # type: ignore[attr-defined]


def test_other_pages_have_no_views(clara: Client) -> None:
    answer = clara.post(reverse("saved_views"), {"page": "audit", "name": "A", "query": "q=1"})
    assert answer.status_code == 404


def test_a_name_is_text_and_nothing_else(clara: Client) -> None:
    keep(clara, name="<script>alert(1)</script>")
    assert "<script>alert" not in clara.get("/history/").content.decode()


def test_nobody_sees_the_views_of_another(clara: Client, tessa: Client) -> None:
    keep(clara, name="Mine alone")
    assert "Mine alone" not in tessa.get("/history/").content.decode()
