"""A version about which somebody decides: its figures beside those of the one before it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.registry.gates import GateResult, gates_of
from hemaqueue.registry.models import ModelStatus, ModelVersion
from hemaqueue.web.context import kind_word
from hemaqueue.web.shown.chips import Chip
from hemaqueue.web.shown.numbers import percent


@dataclass(frozen=True)
class GateShown:
    word: str
    candidate: str
    before: str
    least: str
    chip: Chip


@dataclass(frozen=True)
class DecidableShown:
    """`reject_url` is empty where there is nothing to reject."""

    id: UUID
    name: str
    kind: str
    chip: Chip
    gates: list[GateShown]
    before: str
    caveat: str
    promote_url: str
    reject_url: str
    promote_word: str


def decidable_shown(version: ModelVersion, *, made_from: str) -> DecidableShown:
    metrics = version.facts.get("metrics") or {}
    candidate = version.status == ModelStatus.CANDIDATE
    return DecidableShown(
        id=version.pk,
        name=version.name,
        kind=kind_word(version.image_kind),
        chip=Chip("waiting", "circle", _("candidate"))
        if candidate
        else Chip("waiting", "clock-history", _("retired")),
        gates=[_gate(one) for one in gates_of(version)],
        before=made_from or _("the version before"),
        caveat=_caveat(count=metrics.get("n"), split=metrics.get("split")),
        promote_url=reverse("model_promote", args=[version.pk]),
        reject_url=reverse("model_reject", args=[version.pk]) if candidate else "",
        promote_word=_("Let it serve") if candidate else _("Go back to it"),
    )


def _caveat(*, count: object, split: object) -> str:
    """Return how many images the figures stand on, and how those were chosen."""
    if not isinstance(count, int):
        return ""
    said = _("Judged on %(n)d images.") % {"n": count}
    if not isinstance(split, str) or not split:
        return said
    return f"{said} {split[0].upper()}{split[1:]}."


def _gate(result: GateResult) -> GateShown:
    words = {
        "malignant_sensitivity": _("Sensitivity, any malignant"),
        "macro_recall": _("Mean recall of the classes"),
        "accuracy": _("Accuracy"),
    }
    chips = {
        True: Chip("done", "check-circle", _("reached")),
        False: Chip("attention", "exclamation-diamond", _("not reached")),
        None: Chip("waiting", "dash-lg", _("no figure")),
    }
    return GateShown(
        word=words.get(result.name, result.name),
        candidate=_figure(result.candidate),
        before=_figure(result.before),
        least=_figure(result.least),
        chip=chips[result.passed],
    )


def _figure(share: float | None) -> str:
    return "–" if share is None else percent(share)
