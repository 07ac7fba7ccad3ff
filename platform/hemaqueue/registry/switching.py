"""Suspending AI for a site or for all: a switch with a reason, and every turn of it on record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from hemaqueue.accounts.models import Site
from hemaqueue.audit.services import audit_record
from hemaqueue.common.asking import asked_once_a_request
from hemaqueue.common.errors import Conflict, Refused
from hemaqueue.common.prepared import Prepared
from hemaqueue.registry.models import LONGEST_REASON, AiSwitch

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


class SwitchUnexplained(Refused):
    """Say why AI is suspended, or why it works again."""

    code = "reason_required"


class SwitchUnchanged(Conflict):
    """It is so already. Nothing was changed."""

    code = "switch_unchanged"


_newest: Prepared[AiSwitch] = Prepared(
    lambda: (
        AiSwitch.objects.order_by("site_id", "-at", "-pk")
        .distinct("site_id")
        .select_related("site", "by")
    )
)


@asked_once_a_request
def suspensions() -> dict[UUID | None, AiSwitch]:
    """Return what is suspended now, by site; under None, for all."""
    return {one.site_id: one for one in _newest() if one.suspended}


def is_suspended(site: UUID) -> bool:
    return not suspensions().keys().isdisjoint({None, site})


def nothing_suspended() -> bool:
    return not suspensions()


def sites_suspended() -> tuple[bool, list[UUID]]:
    """Return whether all sites are suspended, and which are by themselves."""
    found = suspensions()
    return None in found, [site for site in found if site is not None]


def suspensions_for(sites: Iterable[UUID]) -> list[AiSwitch]:
    """Return the suspensions that concern somebody at `sites`, that for all first."""
    found, wanted = suspensions(), set(sites)
    general = [found[None]] if None in found else []
    return general + [one for site, one in found.items() if site in wanted]


def switch_history() -> QuerySet[AiSwitch]:
    return AiSwitch.objects.select_related("site", "by").order_by("-at", "-pk")


@transaction.atomic
def ai_switch(*, site: Site | None, suspended: bool, reason: str, by: User) -> AiSwitch:
    """Suspend AI, or let it work again. With `site` None, for the whole installation.

    Raises:
        SwitchUnexplained: there is no reason.
        SwitchUnchanged: it is so already.
    """
    if not reason.strip():
        raise SwitchUnexplained
    with connection.cursor() as cursor:  # one turn after another
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ai switch'))")
    if ((site.pk if site else None) in suspensions()) == suspended:
        raise SwitchUnchanged
    switch = AiSwitch.objects.create(
        site=site, suspended=suspended, by=by, reason=reason.strip()[:LONGEST_REASON]
    )
    suspensions.forget()
    action = "ai.suspend" if suspended else "ai.resume"
    audit_record(action, by=by, about=switch, site=site.pk if site else None)
    return switch
