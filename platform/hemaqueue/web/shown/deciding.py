"""A version about which somebody decides: its figures beside those of the one before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from hemaqueue.accounts.models import User
from hemaqueue.evaluations.comparing import versions_comparable
from hemaqueue.evaluations.gate_words import GATES, STATES, gate_about
from hemaqueue.evaluations.gates import GateResult, gates_of
from hemaqueue.evaluations.models import GatePolicy
from hemaqueue.evaluations.policy import LIMITS
from hemaqueue.evaluations.proposals import one_may_promote
from hemaqueue.evaluations.selectors import evaluation_deciding
from hemaqueue.evaluations.split_words import split_words
from hemaqueue.jobs.faults import fault_told
from hemaqueue.jobs.selectors import jobs_latest
from hemaqueue.registry.checking import check_latest
from hemaqueue.registry.models import ModelStatus, ModelVersion
from hemaqueue.web.context import kind_word
from hemaqueue.web.shown.chips import Chip, gate_chip
from hemaqueue.web.shown.comparing import comparison_url
from hemaqueue.web.shown.numbers import decimal, percent
from hemaqueue.web.shown.proposing import ProposalShown, proposal_shown
from jobcontract.names import Work


@dataclass(frozen=True)
class GateShown:
    word: str
    about: str
    candidate: str
    before: str
    limit: str
    chip: Chip


@dataclass(frozen=True)
class PolicyShown:
    at: datetime
    line: str
    reason: str
    by: str


@dataclass(frozen=True)
class DecidableShown:
    """`reject_url` is empty where there is nothing to reject.

    With `blocked`, it serves only with a reason why it does although a gate was not passed.
    With `two_people`, one administrator proposes it and another one confirms.
    `against_url` compares it with the version that serves, where both were judged on the same.
    """

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
    blocked: bool
    trying: str
    against_url: str
    two_people: bool
    proposal: ProposalShown | None


def decidable_shown(version: ModelVersion, *, beside: str, reader: User) -> DecidableShown:
    evaluation = evaluation_deciding(version)
    metrics = evaluation.report if evaluation else version.facts.get("metrics") or {}
    gates = gates_of(version)
    candidate = version.status == ModelStatus.CANDIDATE
    alone = not candidate or one_may_promote()
    return DecidableShown(
        id=version.pk,
        name=version.name,
        kind=kind_word(version.image_kind),
        chip=Chip("waiting", "circle", _("candidate"))
        if candidate
        else Chip("waiting", "clock-history", _("retired")),
        gates=[gate_shown(one) for one in gates],
        before=beside or _("the version before"),
        caveat=_caveat(count=metrics.get("n"), split=metrics.get("split")),
        promote_url=reverse("model_promote" if alone else "model_propose", args=[version.pk]),
        reject_url=reverse("model_reject", args=[version.pk]) if candidate else "",
        promote_word=_word(candidate=candidate, alone=alone),
        blocked=not all(one.passed for one in gates),
        trying=_trying(version),
        against_url=_against(version),
        two_people=not alone,
        proposal=proposal_shown(version, reader=reader) if candidate else None,
    )


def _word(*, candidate: bool, alone: bool) -> str:
    if not candidate:
        return _("Go back to it")
    return _("Let it serve") if alone else _("Propose that it serves")


def _against(version: ModelVersion) -> str:
    served = versions_comparable(version).filter(status=ModelStatus.SERVING).first()
    return comparison_url(version, served) if served else ""


def _trying(version: ModelVersion) -> str:
    """Return how the try stands that comes before a version serves again."""
    check = check_latest(version)
    if check is None or version.status != ModelStatus.RETIRED or check.passed:
        return ""
    job = jobs_latest([check.pk], work=Work.CHECK_MODEL).get(check.pk)
    fault = check.fault or (fault_told(job) if job and job.finished_at else "")
    if check.passed is None and not fault:
        return _("It is being loaded and tried. It serves again as soon as that succeeded.")
    return _("The last try failed: %(fault)s") % {"fault": fault}


def gate_policies_shown(policies: Iterable[GatePolicy]) -> list[PolicyShown]:
    """Return what held when, and what changed from the one before."""
    rows = list(policies)
    before = [*rows, GatePolicy()][1:]
    return [
        PolicyShown(one.at, _changes(one, former), one.reason, one.by.printed_name)
        for one, former in zip(rows, before, strict=True)
    ]


def _changes(policy: GatePolicy, former: GatePolicy) -> str:
    words = []
    for name in LIMITS:
        old, new = getattr(former, name), getattr(policy, name)
        if old != new:
            label = policy._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            words.append(f"{label}: {_limit(old)} → {_limit(new)}")
    return "; ".join(words)


def _limit(value: float | bool) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def _caveat(*, count: object, split: object) -> str:
    """Return how many images the figures stand on, and how those were chosen."""
    if not isinstance(count, int):
        return ""
    said = _("Judged on %(n)d images.") % {"n": count}
    if not isinstance(split, str) or not split:
        return said
    words = split_words(split)
    return f"{said} {words[0].upper()}{words[1:]}."


def gate_shown(result: GateResult) -> GateShown:
    limit = _figure(result.name, result.limit)
    bound = _("at most %(n)s") if result.at_most else _("at least %(n)s")
    return GateShown(
        word=str(GATES[result.name]),
        about=gate_about(result),
        candidate=_figure(result.name, result.candidate),
        before=_figure(result.name, result.before),
        limit=limit if result.name in STATES or result.limit is None else bound % {"n": limit},
        chip=gate_chip(result.passed),
    )


def _figure(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    if name in STATES:
        return str(STATES[name][bool(value)])
    if name == "images":
        return str(round(value))
    return decimal(value) if name in ("ece", "macro_f1") else percent(value)
