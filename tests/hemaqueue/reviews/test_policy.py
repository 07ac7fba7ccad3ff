"""How a site reads: the newest row counts, every change has a reason, and lanes follow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hemaqueue.accounts.models import User
from hemaqueue.audit.models import AuditEvent
from hemaqueue.common.errors import NotAllowed
from hemaqueue.reviews.models import Review
from hemaqueue.reviews.policy import (
    PolicyRefused,
    PolicyUnchanged,
    PolicyUnexplained,
    PolicyValues,
    policy_change,
    policy_history,
    policy_of,
    policy_values,
)
from hemaqueue.reviews.services import reviews_open
from tests import factories

pytestmark = pytest.mark.django_db
USUAL = PolicyValues()


def test_a_site_without_a_policy_has_the_usual_one(adam: User) -> None:
    assert policy_values(policy_of(factories.SiteFactory().pk)) == USUAL


def test_a_change_is_a_row_with_its_reason_and_its_event(adam: User) -> None:
    site = factories.SiteFactory()
    policy_change(site, values=replace(USUAL, urgent_hours=4), reason="Nights", by=adam)
    policy_change(site, values=USUAL, reason="Days again", by=adam)
    assert [one.urgent_hours for one in policy_history(site)] == [2, 4]
    event = AuditEvent.objects.filter(action="policy.change").earliest("pk")
    assert event.details["changed"] == {"urgent_hours": [2, 4]}


def test_cases_go_to_their_lanes_under_the_new_policy(adam: User) -> None:
    image = factories.image(case=factories.CaseFactory(pk="00000000-0000-4000-8000-000000000007"))
    factories.prediction(image, scores={"benign": 0.96, "pre_b": 0.04})
    reviews_open([image.case])
    before = Review.objects.get(case=image.case).reasons
    stricter = replace(USUAL, clear_confidence=0.99)
    policy_change(image.site, values=stricter, reason="A new stain", by=adam)
    after = Review.objects.get(case=image.case).reasons
    assert ("below_limit" in before, "below_limit" in after) == (False, True)


@pytest.mark.parametrize(
    "values",
    [
        replace(USUAL, clear_confidence=0.3),
        replace(USUAL, double_read_percent=101),
        replace(USUAL, urgent_hours=0),
    ],
)
def test_values_out_of_range_are_refused(values: PolicyValues, adam: User) -> None:
    with pytest.raises(PolicyRefused):
        policy_change(factories.SiteFactory(), values=values, reason="Why not", by=adam)


def test_a_change_needs_a_reason_and_changes_something(adam: User) -> None:
    site = factories.SiteFactory()
    with pytest.raises(PolicyUnexplained):
        policy_change(site, values=replace(USUAL, urgent_hours=4), reason=" ", by=adam)
    with pytest.raises(PolicyUnchanged):
        policy_change(site, values=USUAL, reason="Same", by=adam)


def test_only_who_manages_the_site_changes_it(clara: User, tessa: User) -> None:
    for who in (clara, tessa):
        with pytest.raises(NotAllowed):
            policy_change(
                factories.SiteFactory(), values=replace(USUAL, urgent_hours=4), reason="x", by=who
            )
