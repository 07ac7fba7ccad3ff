"""A model version as its page shows it: what it is for, what it scored, what it may not do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hemaqueue.predictions.classes import class_words
from hemaqueue.registry.cards import TEXTS
from hemaqueue.registry.models import CardText, ModelStatus, ModelVersion
from hemaqueue.registry.points import thresholds_of
from hemaqueue.training.withdrawn import withdrawn_count
from hemaqueue.web.context import kind_word
from hemaqueue.web.shown.chips import Chip
from hemaqueue.web.shown.evaluation_figures import share_rows
from hemaqueue.web.shown.lineage import Fact, lineage_facts
from hemaqueue.web.shown.numbers import percent

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User


@dataclass(frozen=True)
class Tile:
    """`more` is what a figure is never shown without: its interval, or how it was come by."""

    number: str
    word: str
    more: str = ""


@dataclass(frozen=True)
class WrittenShown:
    """What a person said of a version in its card."""

    texts: list[Fact]
    by: str
    at: datetime


@dataclass(frozen=True)
class ModelShown:
    id: UUID
    name: str
    line: str
    chip: Chip
    serving: bool
    demonstration: bool
    numbers: list[Tile]
    facts: list[Fact]
    card: str


def model_shown(version: ModelVersion, *, user: User) -> ModelShown:
    return ModelShown(
        id=version.pk,
        name=version.name,
        line=_("%(network)s, for %(kind)s")
        % {"network": version.network, "kind": kind_word(version.image_kind)},
        chip=_chip(ModelStatus(version.status)),
        serving=version.status == ModelStatus.SERVING,
        demonstration=version.is_demonstration,
        numbers=list(_numbers(version.facts.get("metrics") or {})),
        facts=list(_facts(version, user=user)),
        card=version.card,
    )


def written_shown(card: CardText) -> WrittenShown:
    texts = [
        Fact(str(card._meta.get_field(name).verbose_name), getattr(card, name))  # type: ignore[union-attr]
        for name in TEXTS
    ]
    return WrittenShown(texts, card.by.printed_name, card.at)


def _chip(status: ModelStatus) -> Chip:
    return {
        ModelStatus.SERVING: Chip("done", "check-circle", _("serving")),
        ModelStatus.CANDIDATE: Chip("waiting", "circle", _("candidate")),
        ModelStatus.RETIRED: Chip("waiting", "clock-history", _("retired")),
        ModelStatus.REJECTED: Chip("failed", "x-circle", _("rejected")),
    }[status]


def _numbers(metrics: dict[str, Any]) -> Iterator[Tile]:
    """Yield the figures people ask for first, those that the bundle states."""
    for row in share_rows(metrics):
        yield Tile(row.value, row.word, row.interval)
    alone = (metrics.get("colour_only_baseline") or {}).get("accuracy")
    if alone is not None:
        yield Tile(percent(alone), _("Colour only"), _("Accuracy"))
    if isinstance(error := metrics.get("ece"), int | float):
        yield Tile(number_format(round(error, 3), 3), _("Calibration error"))
    if isinstance(n := metrics.get("n"), int):
        yield Tile(str(n), _("Images it was judged on"), str(metrics.get("split", "")))


def _facts(version: ModelVersion, *, user: User) -> Iterator[Fact]:
    names = [_class_name(one) for one in version.facts.get("classes", [])]
    if names:
        yield Fact(_("Classes"), ", ".join(names))
    first = next(iter(version.activations.all()), None)
    if first and version.status == ModelStatus.SERVING:
        since = date_format(first.at, "j F Y, H:i")
        yield Fact(_("Serves since"), f"{since}: {first.reason}")
    if version.rejected_because:
        yield Fact(_("Rejected because"), version.rejected_because)
    limits = thresholds_of(version)
    if isinstance(limits.decision, int | float):
        yield Fact(_("Calls malignant from"), number_format(round(limits.decision, 3), 3))
    if isinstance(limits.abstain, int | float):
        yield Fact(_("Says uncertain below"), number_format(round(limits.abstain, 3), 3))
    if isinstance(temperature := version.facts.get("temperature"), int | float):
        yield Fact(_("Calibrated with temperature"), number_format(round(temperature, 3), 3))
    if withdrawn := withdrawn_count(version):
        said = ngettext("%(n)d label", "%(n)d labels", withdrawn) % {"n": withdrawn}
        url = reverse("model_withdrawn", args=[version.pk])
        yield Fact(_("Learned from, and withdrawn since"), said, url=url)
    yield from lineage_facts(version, user=user)


def _class_name(described: Any) -> str:
    code = described["code"] if isinstance(described, dict) else described
    return str(class_words(str(code)).name)
