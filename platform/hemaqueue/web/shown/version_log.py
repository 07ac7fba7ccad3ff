"""What was decided about versions and AI, as one list, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.accounts.selectors import runs_installation, site_ids
from hemaqueue.registry.models import Activation, AiSwitch, OperatingPoint
from hemaqueue.registry.selectors import activation_list
from hemaqueue.registry.switching import switch_history
from hemaqueue.web.context import kind_word

LONGEST = 200


@dataclass(frozen=True)
class LogEntry:
    at: datetime
    icon: str
    line: str
    url: str
    reason: str
    override: str
    by: str


def log_shown(*, reader: User) -> list[LogEntry]:
    """Return what concerns all sites, and the suspensions of the reader's own."""
    entries = [*_activations(), *_points(), *_switches(reader)]
    return sorted(entries, key=lambda one: one.at, reverse=True)[:LONGEST]


def _activations() -> Iterator[LogEntry]:
    for one in activation_list()[:LONGEST]:
        yield LogEntry(
            at=one.at,
            icon="check-circle",
            line=_activation_line(one),
            url=reverse("model", args=[one.model_id]),
            reason=one.reason,
            override=one.override,
            by=_people(one),
        )


def _people(one: Activation) -> str:
    """Return who decided: one person, or one who proposed it and one who confirmed it."""
    by = one.by.printed_name if one.by else _("the installation")
    if one.proposed_by is None:
        return by
    words = {"first": one.proposed_by.printed_name, "second": by}
    return _("proposed by %(first)s, confirmed by %(second)s") % words


def _activation_line(one: Activation) -> str:
    names = {"name": one.model.name, "kind": kind_word(one.model.image_kind)}
    if one.former:
        names["former"] = one.former.name
        return _("%(name)s serves %(kind)s, in place of %(former)s") % names
    return _("%(name)s serves %(kind)s") % names


def _points() -> Iterator[LogEntry]:
    found = OperatingPoint.objects.select_related("model", "by").order_by("-at")
    for one in found[:LONGEST]:
        words = {
            "name": one.model.name,
            "decision": number_format(round(one.decision, 3), 3),
            "abstain": number_format(round(one.abstain, 3), 3),
        }
        line = _("%(name)s calls malignant from %(decision)s, says uncertain below %(abstain)s")
        yield LogEntry(
            one.at, "funnel", line % words, reverse("model", args=[one.model_id]), one.reason, "",
            one.by.printed_name,
        )  # fmt: skip


def _switches(reader: User) -> Iterator[LogEntry]:
    mine = None if runs_installation(reader) else set(site_ids(reader))
    for one in switch_history()[:LONGEST]:
        if one.site_id is None or mine is None or one.site_id in mine:
            icon = "pause-circle" if one.suspended else "arrow-clockwise"
            yield LogEntry(one.at, icon, switch_line(one), "", one.reason, "", one.by.printed_name)


def switch_line(switch: AiSwitch) -> str:
    """Return in a sentence what a turn of the switch did."""
    if switch.site is None:
        return (
            _("AI is suspended everywhere") if switch.suspended else _("AI works again everywhere")
        )
    words = (
        _("AI is suspended at %(site)s") if switch.suspended else _("AI works again at %(site)s")
    )
    return words % {"site": switch.site.name}
