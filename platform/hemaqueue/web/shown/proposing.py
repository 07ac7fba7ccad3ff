"""What was proposed of a candidate, where two administrators decide whether it serves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.evaluations.models import Proposal
from hemaqueue.evaluations.proposals import (
    Standing,
    proposal_list,
    proposal_open_to,
    proposal_standing,
)
from hemaqueue.registry.models import ModelVersion


@dataclass(frozen=True)
class ProposalShown:
    """The newest proposal. `over` says how it ended, or why it holds no more; empty: it is open.

    With `mine`, this reader made it and somebody else confirms it.
    """

    by: str
    at: datetime
    reason: str
    override: str
    over: str
    open_to: str
    mine: bool
    confirm_url: str
    decline_url: str


def proposal_shown(version: ModelVersion, *, reader: User) -> ProposalShown | None:
    newest = proposal_list(version).first()
    if newest is None:
        return None
    standing = proposal_standing(newest)
    others = proposal_open_to(newest, standing=standing)
    return ProposalShown(
        by=newest.by.printed_name,
        at=newest.at,
        reason=newest.reason,
        override=newest.override,
        over="" if standing is Standing.OPEN else _over(newest, standing=standing),
        open_to=", ".join(one.printed_name for one in others),
        mine=newest.by_id == reader.pk,
        confirm_url=reverse("proposal_confirm", args=[newest.pk]),
        decline_url=reverse("proposal_decline", args=[newest.pk]),
    )


def _over(proposal: Proposal, *, standing: Standing) -> str:
    if standing is Standing.DECLINED:
        words = {"by": proposal.end.by.printed_name, "reason": proposal.end.reason}
        return _("Declined by %(by)s: %(reason)s") % words
    return {
        Standing.CONFIRMED: _("It was confirmed."),
        Standing.DECIDED: _("It holds no more: this version is no candidate any more."),
        Standing.JUDGED: _("It holds no more: the version was judged anew since. Look again."),
        Standing.GATES: _("It holds no more: the gates have changed since. Look again."),
        Standing.SERVING: _("It holds no more: another version serves since. Look again."),
    }[standing]
