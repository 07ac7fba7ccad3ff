"""What an administrator decides about versions and AI as a whole. Steps like in steps.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hemaqueue.accounts.models import Site
from hemaqueue.accounts.roles import Act
from hemaqueue.accounts.selectors import require, require_installation
from hemaqueue.evaluations.gates import gates_require
from hemaqueue.evaluations.proposals import TwoPeopleNeeded, one_may_promote
from hemaqueue.jobs.models import Job
from hemaqueue.jobs.states import LIVE
from hemaqueue.pipeline.enqueue import SINGLE, Finished, enqueue
from hemaqueue.registry.checking import check_answer, check_open, golden_seal
from hemaqueue.registry.deciding import model_promote, model_reject, require_reason
from hemaqueue.registry.models import AiSwitch, ModelCheck, ModelStatus
from hemaqueue.registry.selectors import model_reference
from hemaqueue.registry.switching import ai_switch
from hemaqueue.reviews.services import reviews_open
from hemaqueue.reviews.sorting import reviews_resort_site
from hemaqueue.specimens.models import Case
from jobcontract import messages
from jobcontract.names import Work

if TYPE_CHECKING:
    from hemaqueue.accounts.models import User
    from hemaqueue.registry.models import ModelVersion


@transaction.atomic
def version_promoted(
    version: ModelVersion, *, by: User, reason: str, override: str = ""
) -> ModelCheck | None:
    """An administrator lets a version serve.

    A candidate serves at once where every gate is passed, or `override` says why it serves all
    the same; where two people decide, it is proposed instead. One that served before is first
    loaded and tried by a worker: its check is returned.

    Raises:
        TwoPeopleNeeded: a candidate is proposed first, see `proposal_make`.
        GatesFailed: with each gate that was not passed.
        Refused, VersionRejected, VersionServesAlready: see `model_promote`, `check_open`.
    """
    require_installation(by)
    require_reason(reason)
    if version.status == ModelStatus.RETIRED:
        return version_tried(version, by=by, reason=reason)
    if not one_may_promote():
        raise TwoPeopleNeeded
    gates_require(version, override=override)
    model_promote(version, by=by, reason=reason, override=override)
    return None


def version_tried(version: ModelVersion, *, by: User, reason: str) -> ModelCheck:
    """Have a version loaded, and the known picture scored, before it serves again."""
    check = check_open(version, by=by, reason=reason)
    enqueue(
        Work.CHECK_MODEL,
        messages.ClassifySmear(image=golden_seal(check)),
        subject=check.pk,
        site=None,
        by=by,
        model=model_reference(version),
        priority=SINGLE,
    )
    return check


def models_checked(finished: Finished) -> None:
    """A version answered for the known picture: if it holds, it serves."""
    for job, outcome in finished:
        check_answer(job.subject, said=messages.Classification.from_json(outcome.body))


def version_rejected(version: ModelVersion, *, by: User, reason: str) -> None:
    """An administrator decides that a version never serves."""
    require_installation(by)
    model_reject(version, by=by, reason=reason)


@transaction.atomic
def ai_switched(*, site: Site | None, suspended: bool, reason: str, by: User) -> AiSwitch:
    """An administrator suspends AI for their site, or for all, or lets it work again.

    While it is suspended nothing is asked of the models, what they said is shown to nobody, and
    cases whose images wait are there to be read by hand. What waits is asked when it works again.

    Raises:
        NotAllowed: it is not for this person to decide.
        SwitchUnexplained, SwitchUnchanged: see `ai_switch`.
    """
    if site is None:
        require_installation(by)
    else:
        require(by, act=Act.MANAGE, site=site)
    switch = ai_switch(site=site, suspended=suspended, reason=reason, by=by)
    for one in Site.objects.filter(pk=site.pk) if site else Site.objects.all():
        if suspended:
            reviews_open(_waiting_cases(one))
        reviews_resort_site(one)
    return switch


def _waiting_cases(site: Site) -> list[Case]:
    """Return the cases of a site that have no review because their images still wait."""
    asked = Job.objects.filter(site=site, work=Work.CLASSIFY_SMEARS, state__in=LIVE)
    waiting = Case.objects.filter(site=site, review=None, images__in=asked.values("subject"))
    return list(waiting.distinct())
