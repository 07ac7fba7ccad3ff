"""What a page asks again and again is asked once, and whoever writes is answered anew."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hemaqueue.accounts.visibility import shared_case_ids
from hemaqueue.common.asking import answering_request, asking_once
from hemaqueue.registry.switching import ai_switch, is_suspended
from hemaqueue.specimens.services import case_share
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_page_asks_once_what_was_shared_with_somebody() -> None:
    otto = factories.otto()
    with CaptureQueriesContext(connection) as asked, asking_once():
        assert shared_case_ids(otto) == shared_case_ids(otto) == []
    assert len(asked) == 1


def test_after_the_page_the_answer_is_a_new_one() -> None:
    otto, case = factories.otto(), factories.CaseFactory()
    with asking_once():
        assert shared_case_ids(otto) == []
    case_share(case, colleague=otto, by=factories.clara())
    assert shared_case_ids(otto) == [case.pk]


def test_what_is_asked_once_a_request_is_forgotten_by_who_changes_it() -> None:
    site, adam = factories.SiteFactory(), factories.adam()
    with answering_request():
        assert not is_suspended(site.pk)
        ai_switch(site=site, suspended=True, reason="wrong on Wright stain", by=adam)
        assert is_suspended(site.pk)
