"""The policies a site has had, and how its readers agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from hemaqueue.reviews.agreement import Agreement
from hemaqueue.reviews.models import ReviewPolicy


@dataclass(frozen=True)
class PolicyShown:
    at: datetime
    by: str
    reason: str
    line: str


@dataclass(frozen=True)
class PairShown:
    names: str
    n: int
    agreed: str
    kappa: str


def policies_shown(policies: Iterable[ReviewPolicy]) -> list[PolicyShown]:
    return [
        PolicyShown(one.at, one.by.printed_name, one.reason, policy_line(one)) for one in policies
    ]


def pairs_shown(pairs: Iterable[Agreement]) -> list[PairShown]:
    return [
        PairShown(
            names=" · ".join(one.readers),
            n=one.n,
            agreed=f"{one.agreed / one.n:.0%}",
            kappa="–" if one.kappa is None else f"{one.kappa:.2f}",
        )
        for one in pairs
    ]


def policy_line(policy: ReviewPolicy) -> str:
    facts = {
        "confidence": policy.clear_confidence,
        "urgent": policy.urgent_hours,
        "routine": policy.routine_hours,
        "twice": policy.double_read_percent,
    }
    words = _(
        "clear from %(confidence).2f, overdue after %(urgent)d h and %(routine)d h, "
        "%(twice)d %% read twice"
    )
    return (words % facts) + (_(", blind first") if policy.blind_first_read else "")
