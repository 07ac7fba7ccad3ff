"""Where AI may be suspended, and what is suspended: for the page and for every page's banner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hemaqueue.accounts.models import Site
from hemaqueue.registry.models import AiSwitch
from hemaqueue.registry.switching import suspensions
from hemaqueue.web.shown.chips import Chip
from hemaqueue.web.shown.version_log import switch_line


@dataclass(frozen=True)
class SwitchShown:
    """`site` is the slug, empty for all sites; `since` is the switch that suspended it."""

    site: str
    name: str
    chip: Chip
    suspended: bool
    since: AiSwitch | None


@dataclass(frozen=True)
class Banner:
    line: str
    reason: str


def switches_shown(sites: Iterable[Site], *, everywhere: bool) -> list[SwitchShown]:
    """Return the switches that a person may turn."""
    found = suspensions()
    shown = [_shown("", _("All sites"), found.get(None))] if everywhere else []
    return shown + [_shown(site.slug, site.name, found.get(site.pk)) for site in sites]


def _shown(site: str, name: str, since: AiSwitch | None) -> SwitchShown:
    if since:
        chip = Chip("attention", "pause-circle", _("suspended"))
    else:
        chip = Chip("done", "check-circle", _("works"))
    return SwitchShown(site, name, chip, since is not None, since)


def banners(switches: Iterable[AiSwitch]) -> list[Banner]:
    return [Banner(switch_line(one), one.reason) for one in switches]
