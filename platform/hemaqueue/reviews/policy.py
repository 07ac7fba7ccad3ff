"""How a site reads, as versioned data: the newest row counts, a change is a row with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from hemaqueue.accounts.models import Site
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require
from hemaqueue.audit.services import audit_record
from hemaqueue.common.asking import asked_once
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.reviews.models import ReviewPolicy
from hemaqueue.reviews.sorting import reviews_resort_site

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User

LONGEST_REASON = 1000


class PolicyUnexplained(Refused):
    """Say why the policy changes, in at most 1,000 characters."""

    code = "reason_required"


class PolicyRefused(Refused):
    """A value of the policy is out of its range."""

    code = "policy_out_of_range"


class PolicyUnchanged(Conflict):
    """The policy already says this. Nothing was changed."""

    code = "policy_unchanged"


@dataclass(frozen=True)
class PolicyValues:
    """What a policy sets: see `ReviewPolicy` for units and ranges."""

    blind_first_read: bool = False
    clear_confidence: float = 0.95
    urgent_hours: int = 2
    routine_hours: int = 24
    double_read_percent: int = 0


def policy_of(site: UUID) -> ReviewPolicy:
    """Return the policy that holds at a site; one that was never set has the usual values."""
    return policies_of([site])[site]


def policies_of(sites: Iterable[UUID]) -> dict[UUID, ReviewPolicy]:
    """Return the policy that holds at each site."""
    found = policies_set()
    return {site: found.get(site) or ReviewPolicy(site_id=site) for site in sites}


@asked_once
def policies_set() -> dict[UUID, ReviewPolicy]:
    """Return the newest policy of every site that ever set one."""
    newest = ReviewPolicy.objects.order_by("site_id", "-at", "-pk").distinct("site_id")
    return {policy.site_id: policy for policy in newest}


def policy_history(site: Site) -> QuerySet[ReviewPolicy]:
    """Return every policy the site has had, the newest first."""
    found: QuerySet[ReviewPolicy] = ReviewPolicy.objects.filter(site=site)
    return found.select_related("by").order_by("-at", "-pk")


def policy_values(policy: ReviewPolicy) -> PolicyValues:
    return PolicyValues(**{name: getattr(policy, name) for name in asdict(PolicyValues())})


@transaction.atomic
def policy_change(site: Site, *, values: PolicyValues, reason: str, by: User) -> ReviewPolicy:
    """Write the policy that holds from now on. The former ones stay on record.

    Raises:
        NotAllowed: `by` does not manage the site.
        PolicyUnexplained, PolicyRefused: there is no reason, or a value is out of its range.
        PolicyUnchanged: these values hold already.
    """
    require(by, act=Act.MANAGE, site=site)
    why = reason.strip()
    if not why or len(why) > LONGEST_REASON:
        raise PolicyUnexplained
    Site.objects.select_for_update().get(pk=site.pk)  # one change after another
    before = policy_values(policy_of(site.pk))
    if values == before:
        raise PolicyUnchanged
    policy = ReviewPolicy(site=site, by=by, reason=why, **asdict(values))
    _check(policy)
    policy.save()
    policy.refresh_from_db()
    old, new = asdict(before), asdict(values)
    changed = {name: [old[name], new[name]] for name in new if old[name] != new[name]}
    audit_record("policy.change", by=by, about=policy, site=site.pk, changed=changed)
    reviews_resort_site(site)
    return policy


def _check(policy: ReviewPolicy) -> None:
    try:
        policy.clean_fields(exclude=["site", "by", "at"])
    except ValidationError as error:
        names = ", ".join(sorted(error.message_dict))
        raise PolicyRefused(f"Out of range: {names}. Nothing was changed.") from error
