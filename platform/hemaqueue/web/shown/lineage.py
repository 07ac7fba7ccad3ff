"""Where a version comes from: what it goes on from, what it learned from, which run made it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hemaqueue.accounts.selectors import runs_installation
from hemaqueue.registry.models import ModelVersion
from hemaqueue.training.lineage import Lineage, lineage_of, snapshot_number
from hemaqueue.web.shown.splits import bundle_split, snapshot_split

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


@dataclass(frozen=True)
class Fact:
    word: str
    value: str
    mono: bool = False
    url: str = ""


def lineage_facts(version: ModelVersion, *, user: User) -> Iterator[Fact]:
    """Yield what a version was made of, and by which its files are known."""
    lineage = lineage_of(version)
    if parent := lineage.parent:
        yield Fact(_("Made from"), parent.name, url=reverse("model", args=[parent.pk]))
    elif beside := lineage.judged_beside:
        yield Fact(_("Made from"), _("nothing: a network without weights"))
        yield Fact(_("Compared with"), beside.name, url=reverse("model", args=[beside.pk]))
    yield from _learned_from(version, lineage, user=user)
    yield from _known(version)


def _learned_from(version: ModelVersion, lineage: Lineage, *, user: User) -> Iterator[Fact]:
    """Yield the data and the run; their pages are for who runs the installation."""
    data = version.facts.get("dataset") or {}
    if isinstance(data.get("images"), int):
        words = {"images": data["images"], "groups": data.get("groups", "–")}
        yield Fact(_("Learned from"), _("%(images)d images in %(groups)s groups") % words)
    if (run := lineage.run) is None:
        if split := bundle_split(version):
            yield Fact(_("Split"), split)
        return
    linked = runs_installation(user)
    snapshot, asked = run.snapshot, {"at": date_format(run.requested_at, "j F Y, H:i")}
    named = {"n": snapshot_number(snapshot), "digest": snapshot.digest[:12]}
    yield Fact(
        _("Snapshot"),
        _("No. %(n)d, manifest %(digest)s") % named,
        url=reverse("snapshot", args=[snapshot.pk]) if linked else "",
    )
    yield Fact(_("Split"), snapshot_split(snapshot))
    yield Fact(
        _("Training run"),
        _("asked for on %(at)s") % asked,
        url=reverse("training_run", args=[run.pk]) if linked else "",
    )


def _known(version: ModelVersion) -> Iterator[Fact]:
    facts = version.facts
    data, training = facts.get("dataset") or {}, facts.get("training") or {}
    settings: dict[str, Any] = training.get("settings") or {}
    known = (
        (_("Images and labels"), data.get("digest")),
        (_("Epochs"), training.get("epochs")),
        (_("Seed"), settings.get("seed")),
        (_("Training settings"), _settings_line(settings)),
        (_("Preprocessing"), facts.get("preprocessing")),
        (_("Code"), facts.get("code_version")),
        (_("Weights"), facts.get("weights_sha256")),
    )
    for word, value in known:
        if isinstance(value, int | str) and value != "":
            yield Fact(word, str(value), mono=isinstance(value, str))
    yield Fact(_("Bundle"), version.digest, mono=True)


def _settings_line(settings: dict[str, Any]) -> str:
    """Return the recipe's plain values by their own names, without those that have a line."""
    told = {name: settings[name] for name in sorted(settings) if name not in ("epochs", "seed")}
    plain = {name: value for name, value in told.items() if isinstance(value, int | float | str)}
    return ", ".join(f"{name} {value}" for name, value in plain.items())
