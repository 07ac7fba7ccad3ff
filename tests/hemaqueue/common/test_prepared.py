"""A query that is compiled once answers as the plain one does."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import CharField, QuerySet, UUIDField
from django.test.utils import CaptureQueriesContext

from hemaqueue.accounts.models import Membership, Site
from hemaqueue.common.prepared import Among, Given, Prepared
from tests import factories

pytestmark = pytest.mark.django_db


def by_slug() -> QuerySet[Site]:
    return Site.objects.filter(slug=Given("slug", CharField()))


def test_each_value_has_its_own_answer() -> None:
    one, two = factories.SiteFactory(), factories.SiteFactory()
    ask = Prepared(by_slug)
    assert [ask(slug=one.slug), ask(slug=two.slug), ask(slug="none")] == [[one], [two], []]


def test_what_changed_in_between_is_seen() -> None:
    site, ask = factories.SiteFactory(), Prepared(by_slug)
    assert ask(slug=site.slug)[0].name == site.name
    Site.objects.filter(pk=site.pk).update(name="Another name")
    assert ask(slug=site.slug)[0].name == "Another name"


def test_many_values_are_asked_for_at_once() -> None:
    one, two, _other = (factories.SiteFactory(slug=name) for name in ("one", "two", "three"))
    ask: Prepared[Site] = Prepared(
        lambda: Site.objects.filter(Among("pk", "sites", UUIDField())).order_by("pk")
    )
    assert ask(sites=[one.pk, two.pk]) == sorted([one, two], key=lambda site: site.pk)
    assert ask(sites=[]) == []


def test_the_shape_is_made_once() -> None:
    made: list[int] = []

    def shape() -> QuerySet[Site]:
        made.append(1)
        return by_slug()

    ask = Prepared(shape)
    for slug in "abc":
        ask(slug=slug)
    assert len(made) == 1


def test_what_is_joined_is_read_with_it() -> None:
    tessa, name = factories.tessa(), Given("name", CharField())
    ask = Prepared(lambda: Membership.objects.filter(user__username=name).select_related("site"))
    ask(name="nobody")
    with CaptureQueriesContext(connection) as queries:
        sites = [one.site.name for one in ask(name=tessa.username)]
    assert sites == [one.site.name for one in tessa.memberships.all()]
    assert len(queries) == 1


def test_tuples_are_tuples_and_a_value_stays_a_value() -> None:
    site = factories.SiteFactory()
    ask = Prepared(lambda: by_slug().values_list("slug", "name"))
    assert ask(slug=site.slug) == [(site.slug, site.name)]
    assert ask(slug="' OR 1=1 --") == []
